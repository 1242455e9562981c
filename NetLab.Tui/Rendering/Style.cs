namespace NetLab.Tui.Rendering;

/// <summary>What SGR adds to a glyph beside its colours.</summary>
[Flags]
public enum TextAttributes : uint
{
    /// <summary>Plain.</summary>
    None = 0,

    /// <summary>SGR 1.</summary>
    Bold = 1,

    /// <summary>SGR 2.</summary>
    Dim = 2,

    /// <summary>SGR 3.</summary>
    Italic = 4,

    /// <summary>SGR 4.</summary>
    Underline = 8,

    /// <summary>SGR 7.</summary>
    Reverse = 16,
}

/// <summary>How a cell looks. The default value is the terminal's own look.</summary>
public readonly record struct Style(Color Foreground, Color Background = default, TextAttributes Attributes = TextAttributes.None)
{
    /// <summary>This style with bold.</summary>
    public Style Bold => this with { Attributes = Attributes | TextAttributes.Bold };

    /// <summary>This style dimmed.</summary>
    public Style Dim => this with { Attributes = Attributes | TextAttributes.Dim };

    /// <summary>This style in italics.</summary>
    public Style Italic => this with { Attributes = Attributes | TextAttributes.Italic };

    /// <summary>This style underlined.</summary>
    public Style Underline => this with { Attributes = Attributes | TextAttributes.Underline };

    /// <summary>This style with foreground and background exchanged.</summary>
    public Style Reverse => this with { Attributes = Attributes | TextAttributes.Reverse };

    /// <summary>This style on another background.</summary>
    public Style On(Color background) => this with { Background = background };

    /// <summary>This style with what <paramref name="top"/> sets laid over it; its defaults let this style through.</summary>
    public Style Under(Style top) => new(
        top.Foreground.IsDefault ? Foreground : top.Foreground,
        top.Background.IsDefault ? Background : top.Background,
        Attributes | top.Attributes);

    /// <summary>The nearest style of a terminal of this depth. Without colours a background (a selection) becomes reverse video.</summary>
    public Style Degrade(ColorDepth depth)
    {
        if (depth == ColorDepth.TrueColor) return this;
        var attributes = depth == ColorDepth.None && !Background.IsDefault ? Attributes | TextAttributes.Reverse : Attributes;
        return new Style(Foreground.Degrade(depth), Background.Degrade(depth), attributes);
    }
}
