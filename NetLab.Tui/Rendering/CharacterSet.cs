namespace NetLab.Tui.Rendering;

/// <summary>What the terminal's locale can show.</summary>
public enum CharacterSet
{
    /// <summary>UTF-8: every glyph.</summary>
    Unicode,

    /// <summary>ASCII only: lines are drawn with + - |, other glyphs are replaced or escaped.</summary>
    Ascii,
}
