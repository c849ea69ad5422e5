import { describe, expect, it } from 'vitest';
import { element } from './element.ts';

describe('an element', () => {
  it('escapes every text and attribute, whatever they contain', () => {
    expect(element('text', { fill: `"'<&` }, `<b> & "c" 'd' \u0000\ud800`).markup).toBe(
      '<text fill="&quot;&#39;&lt;&amp;">&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; \ufffd</text>',
    );
  });

  it('writes numbers to a hundredth and never what is no number', () => {
    expect(element('rect', { x: 1.005, y: -0.001, width: 3, height: undefined }).markup).toBe('<rect x="1" y="0" width="3"/>');
    expect(() => element('rect', { x: Number.NaN })).toThrow('not a finite number');
  });
});
