const IN_BOTH = ['completion-complete', 'resources-list', 'prompts-list'];

/** The scenarios of the conformance suite that this server has the parts for, besides those that every server is run against. */
export const scenarios = { '2025-11-25': IN_BOTH, '2026-07-28': [...IN_BOTH, 'caching'] };
