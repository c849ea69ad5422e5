/** A word that the project does not use, as a pattern over text whose identifiers have been taken apart, and what to say instead. */
export interface BannedWord {
  pattern: RegExp;
  instead: string;
}

const GROUPS: readonly (readonly [instead: string, words: readonly string[]])[] = [
  ['package or workspace', ['(?<!\\b(?:make|makes|made|leave|leaves|no|has|is|role) )rooms?(?! for)', 'the house', 'storeys?']],
  ['request', ['errands?']],
  ['what happens: "runs the pipeline", "calls", "checks"', ['accompan(?:y|ies|ied|ying)']],
  ['timeout', ['patience', 'unhurried', 'last words']],
  ['in flight', ['occupancy', 'underway', 'in hand']],
  ['validate, check or verdict', ['judg(?:e|es|ed|ing|e?ments?)']],
  ['lock, acquire or release', ['leadership', 'lead or find', 'wins the right']],
  ['reclaim an orphaned task', ['takes? over', 'taken over', 'took over']],
  ['fast path', ['lanes?', 'plain calls?']],
  ['emulator or fake', ['desks?']],
  ['fault proxy', ['roads?']],
  ['organization', ['estates?']],
  ['user', ['the persons?']],
  ['user, caller or client', ['whoever', 'strangers?']],
  ['again', ['anew']],
  ['is notified of', ['told of']],
  ['handle', ['sees to', 'see to it']],
  ['release', ['lets? go of']],
  ['is stored in', ['rests in']],
  ['peer', ['at the other end']],
  ['fix, repair or reconnect', ['mend(?:s|ed|ing)?']],
  ['target process', ['victims?']],
  ['audit check', ['autops(?:y|ies)']],
  ['interval or heartbeat', ['pulses?', 'breathes?']],
  [
    'what it does',
    ['in turns', 'upkeep', 'attend(?:s|ed)?', 'carr(?:y|ies) on', 'front doors?', 'report shel(?:f|ves)', 'occasions?', 'landscapes?'],
  ],
  ['compare with, check against', ['held against', 'hold(?:s|ing)? it against']],
  ['"the server does not start"', ['stops? the start']],
];

export const BANNED_WORDS: readonly BannedWord[] = [
  ...GROUPS.flatMap(([instead, words]) =>
    words.map((word) => ({ pattern: new RegExp(`\\b${word.replaceAll(' ', '[- ]')}(?!\\w)`, 'i'), instead })),
  ),
  { pattern: /\bMOST (?=[A-Z]{2})/, instead: 'MAX' },
  // As a noun or inside an identifier; "they stand in a list" is plain English.
  { pattern: /\b[sS]tand(?:-in| In)s?\b/, instead: 'emulator or fake' },
];
