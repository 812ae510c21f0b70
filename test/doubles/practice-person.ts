export { signInAt } from '../../electron/services/practice/person.ts'
