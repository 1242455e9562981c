using System.Text;

namespace NetLab.Tui.Rendering;

/// <summary>One ASCII character for each sign that the interface draws, so that columns keep their place in a C locale.</summary>
internal static class AsciiGlyphs
{
    private const string Signs = "▶◀▲▼►◄→←↑↓⇄✓✔✗✘×·•●○■□…›‹—–░▒▓█▌▐↯µ°⏸▸▾⋮◆‖";
    private const string Plain = "><^v><><^v=++xxx..*o#o~><--.:%#[]!uo\">v:*|";

    public static bool TryGet(Rune rune, out char ascii)
    {
        ascii = ' ';
        if (rune.Value is >= 0x2500 and < 0x2580)
        {
            ascii = rune.Value switch
            {
                0x2500 or 0x2501 or 0x2504 or 0x2505 or 0x2508 or 0x2509 or 0x254C or 0x2550 or 0x2574 or 0x2576 => '-',
                0x2502 or 0x2503 or 0x2551 or 0x2575 or 0x2577 => '|',
                0x2506 or 0x2507 or 0x250A or 0x250B or 0x254E => ':',
                _ => '+',
            };
            return true;
        }

        if (rune.Value is >= 0x2581 and <= 0x2588)
        {
            ascii = "__.-=*##"[rune.Value - 0x2581];
            return true;
        }

        if (rune.Value == 0xA0) return true;
        var index = rune.IsBmp ? Signs.IndexOf((char)rune.Value) : -1;
        if (index >= 0) ascii = Plain[index];
        return index >= 0;
    }
}
