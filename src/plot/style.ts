import { createHash } from 'node:crypto';

/**
 * Black on white, or white on black for those whose viewer says that they like it dark. Words have a
 * rim that keeps lines from them.
 */
export const STYLE = `
text { font: 12px system-ui, sans-serif; fill: #1f2328; stroke: #ffffff; stroke-width: 3px; paint-order: stroke; }
.title { font-size: 14px; font-weight: 600; }
.soft { fill: #59636e; }
.ground { fill: #ffffff; }
.grid { stroke: #d1d9e0; }
.band { fill: #0969da; fill-opacity: 0.18; }
.line { fill: none; stroke: #0969da; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.guide { fill: none; stroke: #59636e; stroke-dasharray: 6 4; }
.dot { fill: #0969da; }
.mark { fill: #bc4c00; }
.stem { stroke: #bc4c00; stroke-dasharray: 2 3; }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc; stroke: #0d1117; }
.soft { fill: #9198a1; }
.ground { fill: #0d1117; }
.grid { stroke: #3d444d; }
.band { fill: #4493f8; fill-opacity: 0.25; }
.line { stroke: #4493f8; }
.guide { stroke: #9198a1; }
.dot { fill: #4493f8; }
.mark { fill: #f0883e; }
.stem { stroke: #f0883e; }
}
`;

/** The `Content-Security-Policy` of a plot: its own style, and nothing else. */
export const PLOT_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; sandbox`;
