using NetLab.Tui.Rendering;

namespace NetLab.Tui.Widgets;

/// <summary>A column: its heading, its width, and where its text stands.</summary>
public readonly record struct TableColumn(string Heading, Extent Width, Alignment Alignment = Alignment.Left);

/// <summary>Draws one cell of a row on a canvas as wide as its column.</summary>
public delegate void TableCell(int row, int column, Canvas cell, Style style);

/// <summary>A table whose rows are asked for only while they show.</summary>
public static class Table
{
    /// <summary>Draws heading and visible rows. <paramref name="sorted"/> is the sorted column (-1: none), negative order marks ▼.</summary>
    public static void Draw(
        Canvas canvas, ReadOnlySpan<TableColumn> columns, int count, ListState state, TableCell cell,
        Style heading, Style plain, Style selection, int sorted = -1, int order = 1)
    {
        if (canvas.Width <= 0 || canvas.Height <= 0) return;
        Span<Extent> extents = stackalloc Extent[columns.Length];
        Span<Rectangle> places = stackalloc Rectangle[columns.Length];
        for (var i = 0; i < columns.Length; i++) extents[i] = columns[i].Width;
        // One column of air between two columns.
        Layout.Columns(new Rectangle(0, 0, Math.Max(0, canvas.Width - columns.Length + 1), 1), extents, places);
        for (var i = 0; i < columns.Length; i++)
        {
            var place = places[i] = places[i] with { X = places[i].X + i };
            canvas.WriteField(place.X, 0, place.Width, columns[i].Alignment, heading, columns[i].Heading);
            if (i == sorted) canvas.Write(place.Right - (columns[i].Alignment == Alignment.Right ? 0 : 1), 0, heading, order < 0 ? "▼" : "▲");
        }

        var rows = canvas.Height - 1;
        state.Fit(count, rows);
        for (var y = 0; y < rows && state.Top + y < count; y++)
        {
            var row = state.Top + y;
            for (var i = 0; i < columns.Length; i++) cell(row, i, canvas.Slice(places[i] with { Y = y + 1 }), plain);
            if (row == state.Selected) canvas.Overlay(new Rectangle(0, y + 1, canvas.Width, 1), selection);
        }
    }
}
