namespace NetLab.Tui.Rendering;

/// <summary>The arms of a line-drawing glyph.</summary>
[Flags]
public enum LineArms
{
    /// <summary>No line.</summary>
    None = 0,

    /// <summary>From the middle to the left.</summary>
    Left = 1,

    /// <summary>From the middle to the right.</summary>
    Right = 2,

    /// <summary>From the middle up.</summary>
    Up = 4,

    /// <summary>From the middle down.</summary>
    Down = 8,
}

/// <summary>The light line-drawing glyphs, by their arms.</summary>
public static class BoxGlyph
{
    private const string Glyphs = " ╴╶─╵┘└┴╷┐┌┬│┤├┼";

    /// <summary>The glyph with these arms.</summary>
    public static char Of(LineArms arms) => Glyphs[(int)arms & 15];

    /// <summary>The arms of a code point; none for what is no light line.</summary>
    public static LineArms ArmsOf(int codePoint) =>
        codePoint is >= 0x2500 and < 0x2580 ? (LineArms)Math.Max(0, Glyphs.IndexOf((char)codePoint)) : LineArms.None;
}
