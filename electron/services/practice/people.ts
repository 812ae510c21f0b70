/** Who can sign in at the practice provider. None of them exists, so none of them needs a password. */

export const peopleIds = ['ada', 'grace'] as const
export type PersonId = (typeof peopleIds)[number]

export interface Person {
  id: PersonId
  name: string
  givenName: string
  familyName: string
  email: string
}

const people: Record<PersonId, Person> = {
  ada: { id: 'ada', name: 'Ada Lovelace', givenName: 'Ada', familyName: 'Lovelace', email: 'ada@practice.example' },
  grace: {
    id: 'grace',
    name: 'Grace Hopper',
    givenName: 'Grace',
    familyName: 'Hopper',
    email: 'grace@practice.example',
  },
}

export function allPeople(): Person[] {
  return peopleIds.map((id) => people[id])
}

export function findPerson(id: unknown): Person | undefined {
  return peopleIds.map((known) => people[known]).find((person) => person.id === id)
}

/** OpenID Connect Core 5.1. Which of them are told is decided by the scopes. */
export function claimsOf(person: Person): { sub: string; [claim: string]: string | boolean } {
  return {
    sub: person.id,
    name: person.name,
    given_name: person.givenName,
    family_name: person.familyName,
    preferred_username: person.id,
    email: person.email,
    email_verified: true,
  }
}
