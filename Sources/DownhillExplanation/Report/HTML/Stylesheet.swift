/// How reports look: text as in a newspaper, figures as in its graphics.
enum Stylesheet {
  static let css: HTML = """
    :root {
      color-scheme: light dark;
      --paper: #fdfcfa; --ink: #1f2023; --soft: #64666c; --line: #dddad3; --faint: #f2f0eb;
      --accent: #1f6f8b; --warm: #c2572b; --band: #1f6f8b26; --note: #fbf1e4;
      --c0: #1f6f8b; --c1: #c2572b; --c2: #7a5aa6; --c3: #4f8a3d; --c4: #a8327d; --c5: #8a6d1f;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #17181b; --ink: #e6e4df; --soft: #a0a2a8; --line: #37393e; --faint: #212327;
        --accent: #6bb7d1; --warm: #e88b5f; --band: #6bb7d133; --note: #2e261c;
        --c0: #6bb7d1; --c1: #e88b5f; --c2: #b79be0; --c3: #93c47d; --c4: #e38bc4; --c5: #d3b65c;
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 17px/1.55 Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif;
    }
    main { max-width: 780px; margin: 0 auto; padding: 40px 20px 80px; }
    h1 { font-size: 34px; line-height: 1.15; letter-spacing: -0.01em; margin: 0 0 12px; text-wrap: balance; overflow-wrap: anywhere; }
    h2 { font-size: 24px; line-height: 1.25; margin: 0 0 6px; text-wrap: balance; }
    h3 { font-size: 16px; line-height: 1.3; margin: 0 0 2px; overflow-wrap: anywhere; }
    p { margin: 0 0 14px; max-width: 65ch; }
    section { margin-top: 48px; padding-top: 20px; border-top: 1px solid var(--line); }
    .kicker, nav, table, figure, details, .figures, .note, .by, .key { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
    .kicker { font-size: 13px; color: var(--soft); margin-bottom: 8px; overflow-wrap: anywhere; }
    .by { color: var(--soft); font-size: 14px; line-height: 1.5; }
    .figures + .by { margin-top: 10px; }
    .note { background: var(--note); border-left: 3px solid var(--warm); padding: 10px 14px; font-size: 15px; line-height: 1.45; max-width: none; }
    nav ol { list-style: none; margin: 20px 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 14px; }
    a { color: var(--accent); text-underline-offset: 3px; text-decoration-thickness: 1px; }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(200px, 45%), 1fr)); gap: 18px 24px; margin: 24px 0 4px; padding: 0; }
    .figures div { border-top: 2px solid var(--ink); padding-top: 6px; }
    .figures dt { font-size: 13px; color: var(--soft); line-height: 1.3; }
    .figures dd { margin: 2px 0 0; font-size: 27px; line-height: 1.15; font-variant-numeric: tabular-nums; letter-spacing: -0.01em; }
    .figures dd small { display: block; font-size: 12px; color: var(--soft); letter-spacing: 0; margin-top: 3px; }
    .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(330px, 100%), 1fr)); gap: 28px 32px; margin: 18px 0; }
    figure { margin: 0; min-width: 0; }
    figcaption { font-size: 13px; line-height: 1.4; color: var(--soft); margin-bottom: 4px; }
    figcaption b { display: block; color: var(--ink); font-size: 15px; overflow-wrap: anywhere; }
    svg { display: block; width: 100%; height: auto; overflow: visible; }
    svg text { font: 11.5px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; fill: var(--soft); font-variant-numeric: tabular-nums; }
    svg text.name { fill: var(--ink); }
    svg .rule { stroke: var(--line); stroke-width: 1; fill: none; }
    svg .base { stroke: var(--soft); stroke-width: 1; fill: none; }
    svg .tick { stroke: var(--soft); stroke-width: 1; }
    svg .ideal { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 3 3; fill: none; }
    svg .curve { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
    svg .thin { stroke-width: 1.1; opacity: .65; }
    svg .whisker { stroke-width: 1.4; fill: none; }
    svg .band { fill: var(--band); stroke: none; }
    svg .bar { fill: var(--accent); }
    svg .dot { fill: var(--accent); fill-opacity: .32; }
    svg .mark { stroke: var(--paper); stroke-width: 1.2; }
    table { border-collapse: collapse; font-size: 14px; line-height: 1.35; font-variant-numeric: tabular-nums; margin: 10px 0 16px; min-width: 0; }
    th { text-align: left; font-weight: 600; }
    thead th { color: var(--soft); font-weight: 400; font-size: 13px; vertical-align: bottom; border-bottom: 1px solid var(--soft); padding: 4px 10px 4px 0; }
    tbody th { font-weight: 500; }
    tbody td, tbody th { border-bottom: 1px solid var(--line); padding: 5px 10px 5px 0; vertical-align: top; overflow-wrap: break-word; max-width: 26ch; }
    td.n, th.n { text-align: right; padding-left: 8px; white-space: nowrap; }
    td.w { min-width: 20ch; max-width: 40ch; }
    .scroll { overflow-x: auto; }
    .wrong { color: var(--warm); }
    .quiet { color: var(--soft); }
    .bars { width: 100%; table-layout: fixed; }
    .bars th { width: 27%; overflow-wrap: anywhere; }
    .bars td { max-width: none; }
    .bars .n { width: 15%; }
    .bars td svg { height: 16px; margin-top: 2px; }
    .matrix td { text-align: right; padding: 7px 10px; border: 1px solid var(--paper); min-width: 3.2em; }
    .matrix th { padding: 6px 10px 6px 0; max-width: 16ch; border: 0; }
    .matrix thead th { text-align: right; padding: 4px 10px; border: 0; }
    .matrix .wrong { color: inherit; background: color-mix(in srgb, var(--warm) calc(var(--p) * 75%), var(--faint)); }
    .matrix .right { background: color-mix(in srgb, var(--accent) calc(var(--p) * 60%), var(--faint)); }
    .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(112px, 1fr)); gap: 18px 14px; font-size: 13px; line-height: 1.35; padding: 0; margin: 16px 0; list-style: none; }
    .pictures img { width: 100%; image-rendering: pixelated; background: var(--faint); display: block; margin-bottom: 5px; }
    .pictures li { overflow-wrap: anywhere; font-family: system-ui, sans-serif; }
    details { margin: 8px 0 4px; font-size: 14px; }
    summary { cursor: pointer; color: var(--soft); font-size: 13px; }
    summary:hover { color: var(--ink); }
    pre { font: 13px/1.45 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-x: auto; background: var(--faint); padding: 12px 14px; margin: 12px 0; }
    .key { display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: 13px; color: var(--soft); margin: 0 0 2px; }
    .key i { display: inline-block; width: 14px; height: 3px; border-radius: 2px; margin-right: 5px; vertical-align: 3px; }
    @media (max-width: 520px) {
      main { padding: 24px 16px 60px; }
      body { font-size: 16px; }
      h1 { font-size: 27px; }
      h2 { font-size: 21px; }
      section { margin-top: 36px; }
      .figures dd { font-size: 23px; }
      .bars th { width: 34%; }
      .bars .wide { display: none; }
      .bars .n { width: 21%; }
    }
    footer { margin-top: 56px; padding-top: 12px; border-top: 1px solid var(--line); font: 13px/1.4 system-ui, sans-serif; color: var(--soft); }
    @media print {
      main { max-width: none; padding: 0; }
      section { break-inside: avoid-page; }
      nav { display: none; }
    }
    """
}
