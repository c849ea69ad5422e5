/** Dark text on white, in every client: a picture without a background would be unreadable in a dark one. */
export const BACKGROUND = '#ffffff';
export const INK = '#1f2328';
export const SECONDARY = '#57606a';
export const GRID = '#e6e8eb';

/** The colours of Okabe and Ito (https://jfly.uni-koeln.de/color/), which colour-blind people tell apart too. */
export const SERIES_COLOURS = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00'] as const;
export const REST = '#999999';
export const MORE = '#D55E00';
export const LESS = '#0072B2';
export const EXPECTED = '#0072B2';
export const BAND = '#56B4E9';
