/** Why events become dead letters, and what to do. A test compares them with the reasons of vigil. */
export const DEAD_LETTER_ADVICE: Readonly<Record<string, string>> = {
  json: 'Mend the sender: the payload must be JSON in UTF-8.',
  'not-an-object': 'Mend the sender: the payload must be a JSON object.',
  'client-id': 'Mend the subject: its second part must be a client id of 1 to 64 characters of a-z, 0-9 and "-".',
  type: 'Mend the subject: it must be events.<clientId>.<type>.',
  'wrong-client': 'Mend the sender: the payload names another client than the subject.',
  'wrong-type': 'Mend the sender: the payload names another type than the subject.',
  cloudevents: 'Mend the sender: it must be CloudEvents 1.0, with every required attribute and an object as data.',
  batch: 'Mend the sender: each CloudEvent must be a message of its own.',
  time: 'Mend the sender: time or timestamp must be ISO 8601 or epoch milliseconds.',
  future: 'Check the clock of the sender. The event can be replayed as soon as its time has come.',
  quota:
    'Nothing is wrong with the event: its client sent more than its quota allows. Replay it, or raise the quota first.',
  unusable: 'This is a bug in vigil: please report it with the event.',
};
