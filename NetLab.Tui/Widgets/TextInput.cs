using System.Globalization;
using NetLab.Tui.Rendering;

namespace NetLab.Tui.Widgets;

/// <summary>A line of text being edited, glyph by glyph. The cursor stands between glyphs and is counted in UTF-16 units.</summary>
public sealed class TextInput
{
    /// <summary>No line grows longer (UTF-16 units); what is more is not taken.</summary>
    public const int MaximumLength = 4096;

    private int left;

    /// <summary>The text.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Where the next character comes in, 0 to the text's length.</summary>
    public int Cursor { get; private set; }

    /// <summary>Replaces the text; the cursor goes to its end.</summary>
    public void Set(string text)
    {
        Text = "";
        Cursor = left = 0;
        Insert(text);
    }

    /// <summary>Inserts at the cursor. Of a pasted text's lines only the first is taken.</summary>
    public void Insert(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny('\r', '\n');
        if (end >= 0) text = text[..end];
        var room = MaximumLength - Text.Length;
        if (text.Length > room) text = text[..Boundary(text, room)];
        Text = string.Concat(Text.AsSpan(0, Cursor), text, Text.AsSpan(Cursor));
        // What came in may join the glyph before or after it.
        Cursor = After(Cursor + text.Length);
    }

    /// <summary>Deletes the glyph before the cursor.</summary>
    public void Backspace() => Remove(Boundary(Text, Cursor - 1), Cursor);

    /// <summary>Deletes the glyph after the cursor.</summary>
    public void Delete() => Remove(Cursor, After(Cursor + 1));

    /// <summary>Deletes back to the start of the word before the cursor (Ctrl+W).</summary>
    public void DeleteWord() => Remove(WordStart(), Cursor);

    /// <summary>Deletes everything before the cursor (Ctrl+U).</summary>
    public void DeleteToStart() => Remove(0, Cursor);

    /// <summary>Deletes everything after the cursor (Ctrl+K).</summary>
    public void DeleteToEnd() => Remove(Cursor, Text.Length);

    /// <summary>One glyph to the left.</summary>
    public void MoveLeft() => Cursor = Boundary(Text, Cursor - 1);

    /// <summary>One glyph to the right.</summary>
    public void MoveRight() => Cursor = After(Cursor + 1);

    /// <summary>To the start of the word before the cursor.</summary>
    public void MoveWordLeft() => Cursor = WordStart();

    /// <summary>To the end of the word after the cursor.</summary>
    public void MoveWordRight()
    {
        var at = Cursor;
        while (at < Text.Length && !IsWord(Text[at])) at++;
        while (at < Text.Length && IsWord(Text[at])) at++;
        Cursor = After(at);
    }

    /// <summary>To the start.</summary>
    public void MoveHome() => Cursor = 0;

    /// <summary>To the end.</summary>
    public void MoveEnd() => Cursor = Text.Length;

    /// <summary>Draws the line, scrolled so that the cursor shows, with ‹ › where it goes on. Returns the cursor's column on the canvas.</summary>
    public int Draw(Canvas canvas, Style style, Style mark)
    {
        var width = canvas.Width;
        if (width <= 0) return 0;
        canvas.Fill(new Rectangle(0, 0, width, 1), style);
        var column = TextWidth.Of(Text.AsSpan(0, Cursor), canvas.Characters);
        var whole = TextWidth.Of(Text, canvas.Characters);
        // The cursor keeps clear of the marks, and behind the text there is a place for it.
        left = Math.Min(left, Math.Max(0, whole + 1 - width));
        if (column - left < 1) left = Math.Max(0, column - Math.Min(1, width - 1));
        if (column - left > width - (column < whole ? 2 : 1)) left = Math.Max(0, column - width + (column < whole ? Math.Min(2, width) : 1));
        canvas.Write(-left, 0, style, Text);
        if (left > 0) canvas.Write(0, 0, mark, "‹");
        if (whole - left > width) canvas.Write(width - 1, 0, mark, "›");
        return Math.Clamp(column - left, 0, width - 1);
    }

    private void Remove(int start, int end)
    {
        Text = Text.Remove(start, end - start);
        Cursor = After(start);
    }

    private int WordStart()
    {
        var at = Cursor;
        while (at > 0 && !IsWord(Text[at - 1])) at--;
        while (at > 0 && IsWord(Text[at - 1])) at--;
        return Boundary(Text, at);
    }

    // What double-click selects in addresses and filters: a word ends at a space and at punctuation.
    private static bool IsWord(char character) => char.IsLetterOrDigit(character) || char.IsSurrogate(character) || character == '_';

    // The last boundary between glyphs that is not after a place.
    private static int Boundary(ReadOnlySpan<char> text, int place)
    {
        var at = 0;
        while (at < text.Length)
        {
            var next = at + StringInfo.GetNextTextElementLength(text[at..]);
            if (next > place) break;
            at = next;
        }

        return at;
    }

    // The first boundary that is not before a place.
    private int After(int place)
    {
        var at = 0;
        while (at < place && at < Text.Length) at += StringInfo.GetNextTextElementLength(Text, at);
        return at;
    }
}
