using NetLab.Tui.Rendering;

namespace NetLab.Tui.Widgets;

/// <summary>The numbered tabs of the top line. The active one always shows; ‹ and › tell that others find no room.</summary>
public static class Tabs
{
    /// <summary>Draws the tabs with <paramref name="active"/> (from 0) lit. Returns the column after them.</summary>
    public static int Draw(Canvas canvas, Style plain, Style lit, Style line, ReadOnlySpan<string> names, int active)
    {
        Span<Rectangle> places = stackalloc Rectangle[names.Length];
        Place(canvas.Width, canvas.Characters, names, active, places);
        var x = 0;
        for (var i = 0; i < names.Length; i++)
        {
            var place = places[i];
            if (place.IsEmpty)
            {
                if (x > 0) return canvas.Write(x, 0, line, "›");
                continue;
            }

            if (place.X > 0) canvas.Write(place.X - 1, 0, line, x == 0 ? "‹" : "│");
            var tab = canvas.Slice(place);
            if (i == active) tab.Fill(tab.Bounds, lit);
            // A roomy tab has a space at both sides of its text.
            var margin = (place.Width - Columns(names[i], i, canvas.Characters)) / 2;
            tab.Write(margin, 0, i == active ? lit : plain, $"{i + 1} {names[i]}");
            x = place.Right;
        }

        return x;
    }

    /// <summary>Where each tab stands in a line of so many columns (for the mouse); empty for one that does not show.</summary>
    public static void Place(int width, CharacterSet characters, ReadOnlySpan<string> names, int active, Span<Rectangle> into)
    {
        active = Math.Clamp(active, 0, Math.Max(0, names.Length - 1));
        var margin = Try(width, characters, names, 0, 1, into) == names.Length ? 1 : 0;
        // The fewest tabs are scrolled away that let the active one show.
        for (var first = 0; first < names.Length; first++)
        {
            if (Try(width, characters, names, first, margin, into) > active || first == active) return;
        }
    }

    // Places tabs from the first on and returns the number of the one that found no room.
    private static int Try(int width, CharacterSet characters, ReadOnlySpan<string> names, int first, int margin, Span<Rectangle> into)
    {
        into[..names.Length].Clear();
        var x = first > 0 ? 1 : 0;
        for (var i = first; i < names.Length; i++)
        {
            var columns = Columns(names[i], i, characters) + (2 * margin);
            var mark = i < names.Length - 1 ? 1 : 0;
            if (x + columns + mark > width && i > first) return i;
            into[i] = new Rectangle(x, 0, Math.Min(columns, Math.Max(0, width - x)), 1);
            x += columns + 1;
        }

        return names.Length;
    }

    private static int Columns(string name, int index, CharacterSet characters) => TextWidth.Of(name, characters) + (index < 9 ? 2 : 3);
}
