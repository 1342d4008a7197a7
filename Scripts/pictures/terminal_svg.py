#!/usr/bin/env python3
"""Draws what a terminal shows as an SVG picture.

    tmux capture-pane -e -p -t SESSION | terminal_svg.py --title "downhill train …" > docs/training.svg

Reads text with the colour codes that the command uses (cyan, dim, bold); writes plain SVG without any font of its own.
"""
import argparse
import html
import re
import sys

CELL, LINE, MARGIN, BAR = 8.4, 19, 18, 34
COLOURS = {"normal": "#d8dee9", "36": "#88c0d0", "2": "#5b667a", "1": "#ffffff"}


def runs(line):
    """(style, text) of a line."""
    style = "normal"
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        code = re.fullmatch(r"\x1b\[([0-9;]*)m", part)
        if code:
            for number in (code.group(1) or "0").split(";"):
                if number in COLOURS:
                    style = number
                elif number in ("0", "39", "22"):
                    style = "normal"
        elif part:
            yield style, part


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--title", default="downhill")
    parser.add_argument("--columns", type=int, default=100)
    arguments = parser.parse_args()
    lines = [line.rstrip("\n") for line in sys.stdin]
    while lines and not lines[-1].strip():
        lines.pop()
    width = arguments.columns * CELL + 2 * MARGIN
    height = BAR + len(lines) * LINE + 2 * MARGIN
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
          f'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="14">')
    print(f'<title>{html.escape(arguments.title)}</title>')
    print(f'<rect width="{width:g}" height="{height:g}" rx="10" fill="#20252f"/>')
    for index, colour in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        print(f'<circle cx="{MARGIN + 6 + 20 * index}" cy="18" r="6" fill="{colour}"/>')
    print(f'<text x="{width / 2:g}" y="23" text-anchor="middle" fill="#8a94a6" font-size="13">'
          f'{html.escape(arguments.title)}</text>')
    for row, line in enumerate(lines):
        column = 0
        for style, text in runs(line):
            if text.strip():
                # The width is given, so that columns line up whatever the font.
                print(f'<text x="{MARGIN + column * CELL:g}" y="{BAR + MARGIN + row * LINE:g}" fill="{COLOURS[style]}" '
                      f'textLength="{len(text) * CELL:g}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">'
                      f'{html.escape(text)}</text>')
            column += len(text)
    print("</svg>")


if __name__ == "__main__":
    main()
