#!/usr/bin/env python3
"""Writes WideTable.cs from Debian's unicode-data (apt-get install unicode-data):
   python3 generate-width-table.py > WideTable.cs"""
import re

ranges, version = [], ""
for line in open("/usr/share/unicode/EastAsianWidth.txt", encoding="utf-8"):
    version = version or (re.search(r"EastAsianWidth-([\d.]+)\.txt", line) or ["", ""])[1]
    match = re.match(r"([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*;\s*([WF])\b", line)
    if not match:
        continue
    first, last = int(match[1], 16), int(match[2] or match[1], 16)
    if ranges and ranges[-1][1] + 1 == first:
        ranges[-1][1] = last
    else:
        ranges.append([first, last])

print(f"""namespace NetLab.Tui.Rendering;

/// <summary>The code points that take two columns (East_Asian_Width W or F), of Unicode {version}. Made by generate-width-table.py.</summary>
internal static class WideTable
{{
    /// <summary>Pairs of first and last code point, ascending.</summary>
    internal static ReadOnlySpan<int> Ranges =>
    [""")
for first, last in ranges:
    print(f"        0x{first:04X}, 0x{last:04X},")
print("""    ];
}""")
