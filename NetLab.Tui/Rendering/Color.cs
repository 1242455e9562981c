namespace NetLab.Tui.Rendering;

/// <summary>A colour, given once: the terminal's own, one of its sixteen, one of 256, or red, green and blue.</summary>
public readonly record struct Color
{
    private const uint PaletteKind = 1u << 24, IndexedKind = 2u << 24, RgbKind = 3u << 24;
    private readonly uint value;

    private Color(uint value) => this.value = value;

    /// <summary>The terminal's own foreground or background.</summary>
    public static Color Default => default;

    /// <summary>One of the sixteen colours that the user's terminal theme defines (0 black … 7 white, 8–15 bright).</summary>
    public static Color Palette(int index) => new(PaletteKind | (uint)(index & 15));

    /// <summary>One of xterm's 256 colours.</summary>
    public static Color Indexed(int index) => new(IndexedKind | (uint)(index & 255));

    /// <summary>A true colour.</summary>
    public static Color Rgb(byte red, byte green, byte blue) => new(RgbKind | ((uint)red << 16) | ((uint)green << 8) | blue);

    /// <summary>A true colour written 0xRRGGBB.</summary>
    public static Color Rgb(int value) => new(RgbKind | ((uint)value & 0xFFFFFF));

    /// <summary>True for the terminal's own colour.</summary>
    public bool IsDefault => value == 0;

    internal bool IsPalette => (value & 0xFF000000) == PaletteKind;

    internal bool IsIndexed => (value & 0xFF000000) == IndexedKind;

    internal int Index => (int)(value & 0xFF);

    /// <summary>The colour as 0xRRGGBB; <paramref name="whenDefault"/> for the terminal's own.</summary>
    public int ToRgb(int whenDefault) => (value & 0xFF000000) switch
    {
        0 => whenDefault,
        RgbKind => (int)(value & 0xFFFFFF),
        _ => IndexedToRgb(Index),
    };

    /// <summary>The nearest colour that a terminal of this depth has.</summary>
    public Color Degrade(ColorDepth depth)
    {
        if (value == 0 || depth == ColorDepth.None) return default;
        if (depth == ColorDepth.TrueColor || IsPalette) return this;
        if (depth == ColorDepth.Ansi256) return IsIndexed ? this : Indexed(NearestIndexed(ToRgb(0)));
        return IsIndexed && Index < 16 ? Palette(Index) : Palette(NearestPalette(ToRgb(0)));
    }

    private static ReadOnlySpan<int> Sixteen =>
    [
        0x000000, 0xCD3131, 0x0DBC79, 0xE5E510, 0x2472C8, 0xBC3FBC, 0x11A8CD, 0xCCCCCC,
        0x666666, 0xF14C4C, 0x23D18B, 0xF5F543, 0x3B8EEA, 0xD670D6, 0x29B8DB, 0xFFFFFF,
    ];

    private static ReadOnlySpan<byte> CubeSteps => [0, 95, 135, 175, 215, 255];

    private static int IndexedToRgb(int index)
    {
        if (index < 16) return Sixteen[index];
        if (index >= 232) return (8 + ((index - 232) * 10)) * 0x010101;
        var cube = index - 16;
        return (CubeSteps[cube / 36] << 16) | (CubeSteps[cube / 6 % 6] << 8) | CubeSteps[cube % 6];
    }

    private static int NearestIndexed(int rgb)
    {
        int red = CubeStep(rgb >> 16), green = CubeStep((rgb >> 8) & 255), blue = CubeStep(rgb & 255);
        var cube = 16 + (36 * red) + (6 * green) + blue;
        var mean = ((rgb >> 16) + ((rgb >> 8) & 255) + (rgb & 255)) / 3;
        var grey = 232 + Math.Clamp((mean - 3) / 10, 0, 23);
        return Distance(IndexedToRgb(grey), rgb) < Distance(IndexedToRgb(cube), rgb) ? grey : cube;
    }

    private static int CubeStep(int level) => level < 48 ? 0 : level < 115 ? 1 : (level - 35) / 40;

    private static int NearestPalette(int rgb)
    {
        int best = 0, bestDistance = int.MaxValue;
        for (var i = 0; i < 16; i++)
        {
            var distance = Distance(Sixteen[i], rgb);
            if (distance >= bestDistance) continue;
            (best, bestDistance) = (i, distance);
        }

        return best;
    }

    private static int Distance(int a, int b)
    {
        int red = (a >> 16) - (b >> 16), green = ((a >> 8) & 255) - ((b >> 8) & 255), blue = (a & 255) - (b & 255);
        return (2 * red * red) + (4 * green * green) + (3 * blue * blue);
    }
}
