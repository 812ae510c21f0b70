/** One style sheet for every page of the practice provider. No script, no font, no image from anywhere. */
export const style = `
:root {
  color-scheme: light dark;
  --back: #eef1f6; --card: #fff; --ink: #14202e; --soft: #526071; --line: #d5dce6; --hover: #f3f6fb;
  --brand: #0f766e; --brand-ink: #fff; --brand-deep: #115e59; --brand-soft: #e2f3f0; --focus: #2563eb; --danger: #b42318;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0d131b; --card: #161e29; --ink: #e7edf5; --soft: #a3b1c2; --line: #2d3949; --hover: #1e2836;
    --brand: #2dd4bf; --brand-ink: #042f2a; --brand-deep: #5eead4; --brand-soft: #12332f; --focus: #7cb0ff; --danger: #ff9a8d;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: grid; grid-template-rows: 1fr auto; justify-items: center; gap: 24px;
  padding: 24px 16px; background: var(--back); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main {
  align-self: center; width: 100%; max-width: 440px; padding: 32px; background: var(--card);
  border: 1px solid var(--line); border-radius: 20px; box-shadow: 0 18px 40px -24px rgb(10 25 45 / 35%);
}
.brand { display: flex; align-items: center; gap: 10px; margin: 0 0 22px; font-weight: 600; letter-spacing: -.01em; }
.brand svg { width: 28px; height: 28px; color: var(--brand); }
h1 { margin: 0 0 6px; font-size: 25px; line-height: 1.25; font-weight: 650; letter-spacing: -.02em; text-wrap: balance; }
p { margin: 0; }
.lead { color: var(--soft); margin-bottom: 20px; text-wrap: pretty; }
.lead strong, .note strong { color: var(--ink); font-weight: 600; }
ul { list-style: none; margin: 0; padding: 0; }
.people { display: grid; gap: 10px; }
button { font: inherit; color: inherit; cursor: pointer; }
.person {
  display: flex; align-items: center; gap: 14px; width: 100%; padding: 12px 14px; text-align: left;
  background: transparent; border: 1px solid var(--line); border-radius: 14px;
}
button.person:hover { background: var(--hover); border-color: var(--brand); }
.person b { display: block; font-weight: 600; line-height: 1.3; }
.person small { display: block; font-size: 14px; color: var(--soft); overflow-wrap: anywhere; }
.person a { margin-left: auto; font-size: 14px; white-space: nowrap; }
.face {
  flex: none; display: grid; place-items: center; width: 42px; height: 42px; border-radius: 50%;
  font-weight: 600; color: #fff; background: #7c3aed;
}
.face.grace { background: #be3455; }
.scopes { display: grid; gap: 9px; margin: 16px 0; padding: 16px; border-radius: 14px; background: var(--brand-soft); font-size: 15px; }
.scopes li { display: flex; gap: 12px; line-height: 1.4; }
.scopes svg { flex: none; width: 20px; height: 20px; margin-top: 1px; color: var(--brand-deep); }
.note { font-size: 14px; color: var(--soft); overflow-wrap: anywhere; text-wrap: pretty; }
.actions { display: flex; justify-content: flex-end; gap: 12px; margin-top: 22px; }
.actions button { min-width: 104px; padding: 10px 18px; border-radius: 12px; border: 1px solid var(--line); background: transparent; font-weight: 600; }
.actions button:hover { background: var(--hover); }
.actions button.go { background: var(--brand); border-color: var(--brand); color: var(--brand-ink); }
.actions button.go:hover { background: var(--brand-deep); border-color: var(--brand-deep); }
a { color: var(--brand-deep); text-underline-offset: 3px; }
code { font-size: 14px; color: var(--danger); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
footer { max-width: 440px; font-size: 13px; color: var(--soft); text-align: center; text-wrap: balance; }
@media (max-width: 480px) {
  body { padding: 0 0 16px; }
  main { padding: 24px 20px; border-width: 0 0 1px; border-radius: 0; align-self: start; box-shadow: none; }
  footer { padding: 0 16px; }
}
@media (forced-colors: active) { .face { border: 1px solid; } }
`
