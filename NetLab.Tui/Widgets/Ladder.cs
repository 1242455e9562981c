using NetLab.Tui.Rendering;

namespace NetLab.Tui.Widgets;

/// <summary>Which way something goes between the two lifelines.</summary>
public enum LadderArrow
{
    /// <summary>Nothing goes; the lifelines run on.</summary>
    None,

    /// <summary>To the right end.</summary>
    Right,

    /// <summary>To the left end.</summary>
    Left,
}

/// <summary>One event of the ladder: a call or a state at one side, or something that goes across. What is empty is left out.</summary>
public readonly record struct LadderRow(string Time)
{
    /// <summary>What the left end did.</summary>
    public string LeftText { get; init; } = "";

    /// <summary>What came of it: stands behind the text, and the text is cut before it is.</summary>
    public string LeftTail { get; init; } = "";

    /// <summary>What may be said of it besides, where it finds room.</summary>
    public string LeftNote { get; init; } = "";

    /// <summary>The state that the left end comes to.</summary>
    public string LeftState { get; init; } = "";

    /// <summary>Which way it goes.</summary>
    public LadderArrow Arrow { get; init; }

    /// <summary>What goes, in the middle of the arrow.</summary>
    public string Label { get; init; } = "";

    /// <summary>The state that the right end comes to.</summary>
    public string RightState { get; init; } = "";

    /// <summary>What the right end did.</summary>
    public string RightText { get; init; } = "";

    /// <summary>What came of it.</summary>
    public string RightTail { get; init; } = "";

    /// <summary>What may be said of it besides, where it finds room.</summary>
    public string RightNote { get; init; } = "";

    /// <summary>Time in which nothing happened, as words ("41 ms"): stands between the lifelines, which are dotted. Null for a row of events.</summary>
    public string? Gap { get; init; }

    /// <summary>Whether it belongs to what was selected elsewhere.</summary>
    public bool IsLinked { get; init; }

    /// <summary>The look of the texts.</summary>
    public Style TextStyle { get; init; }

    /// <summary>The look of what came of them.</summary>
    public Style TailStyle { get; init; }

    /// <summary>The look of the states.</summary>
    public Style StateStyle { get; init; }

    /// <summary>The look of arrow and label.</summary>
    public Style ArrowStyle { get; init; }
}

/// <summary>The looks of what a ladder draws around its rows.</summary>
/// <param name="Heading">Of the heading.</param>
/// <param name="Line">Of the lifelines.</param>
/// <param name="Time">Of the times.</param>
/// <param name="Selection">Laid over the selected row.</param>
/// <param name="Linked">Laid over a linked row.</param>
/// <param name="LinkedSign">Of the sign before it, ◆.</param>
public readonly record struct LadderLook(Style Heading, Style Line, Style Time, Style Selection, Style Linked = default, Style LinkedSign = default);

/// <summary>Two lifelines in time: calls outside, states beside the lines, what goes across between them. Rows are asked for while they show.</summary>
public static class Ladder
{
    /// <summary>Columns of the longest state's name and the sign of how it is known.</summary>
    private const int StateColumns = 12;

    /// <summary>Columns of the time, with its margins: 1 + 10 + 1.</summary>
    private const int TimeColumns = 12;

    /// <summary>Where the two lifelines stand on so many columns.</summary>
    public static (int Left, int Right) Lifelines(int width)
    {
        var rest = Math.Max(0, width - TimeColumns);
        // The wire takes what a label such as "[P.] 1:1461 len 1460" needs, and no more than a third.
        var wire = Math.Clamp(rest / 3, Math.Min(rest, 22), 36);
        var left = TimeColumns + ((rest - wire) / 2);
        return (left, Math.Max(left, left + wire - 1));
    }

    /// <summary>Draws the heading and the visible rows.</summary>
    public static void Draw(
        Canvas canvas, string leftName, string rightName, int count, ListState state, Func<int, LadderRow> row, LadderLook look)
    {
        if (canvas.Width <= 0 || canvas.Height <= 0) return;
        var (left, right) = Lifelines(canvas.Width);
        canvas.WriteField(1, 0, TimeColumns - 2, Alignment.Right, look.Heading, "time");
        canvas.WriteField(TimeColumns, 0, left - TimeColumns, Alignment.Left, look.Heading, leftName);
        canvas.WriteField(left, 0, right - left + 1, Alignment.Centre, look.Heading, "wire");
        canvas.WriteField(right + 2, 0, canvas.Width - right - 2, Alignment.Left, look.Heading, rightName);
        var height = canvas.Height - 1;
        state.Fit(count, height);
        for (var y = 0; y < height; y++)
        {
            // The lifelines go on below the last event.
            var at = canvas.Slice(new Rectangle(0, y + 1, canvas.Width, 1));
            var drawn = state.Top + y < count ? row(state.Top + y) : default;
            at.Write(left, 0, look.Line, drawn.Gap is null ? "│" : "┊");
            at.Write(right, 0, look.Line, drawn.Gap is null ? "│" : "┊");
            if (state.Top + y >= count) continue;
            DrawRow(at, drawn, left, right, look.Time);
            if (state.Top + y == state.Selected)
            {
                at.Overlay(at.Bounds, look.Selection);
            }
            else if (drawn.IsLinked)
            {
                at.Write(0, 0, look.LinkedSign, "◆");
                at.Overlay(at.Bounds, look.Linked);
            }
        }
    }

    private static void DrawRow(Canvas canvas, LadderRow row, int left, int right, Style time)
    {
        canvas.WriteField(1, 0, TimeColumns - 2, Alignment.Right, time, row.Time);
        if (row.Gap is { Length: > 0 } gap) canvas.WriteField(left + 1, 0, right - left - 1, Alignment.Centre, time, $"⋮ {gap}");
        DrawLeft(canvas, row, left);
        DrawRight(canvas, row, right);
        if (row.Arrow != LadderArrow.None) DrawArrow(canvas.Slice(new Rectangle(left, 0, right - left + 1, 1)), row);
    }

    private static void DrawLeft(Canvas canvas, LadderRow row, int left)
    {
        var state = Math.Min(TextWidth.Of(row.LeftState, canvas.Characters), StateColumns);
        canvas.WriteField(left - state - 1, 0, state, Alignment.Right, row.StateStyle, row.LeftState);
        // A text of its own row may use the states' column.
        var end = left - 1 - (state > 0 ? state + 1 : 0);
        DrawText(canvas, TimeColumns, end - TimeColumns, row.LeftText, row.LeftTail, row.LeftNote, row);
    }

    private static void DrawRight(Canvas canvas, LadderRow row, int right)
    {
        var x = right + 2;
        var state = Math.Min(TextWidth.Of(row.RightState, canvas.Characters), StateColumns);
        canvas.WriteField(x, 0, state, Alignment.Left, row.StateStyle, row.RightState);
        // With room, the texts stand in a column of their own.
        if (canvas.Width - x >= 3 * StateColumns) x += StateColumns + 1;
        else if (state > 0) x += state + 1;
        DrawText(canvas, x, canvas.Width - x, row.RightText, row.RightTail, row.RightNote, row);
    }

    // What came of a call is worth more than its arguments, and these more than how long it took.
    private static void DrawText(Canvas canvas, int x, int width, string text, string tail, string note, LadderRow row)
    {
        if (note.Length > 0 && TextWidth.Of($"{text} {tail}  {note}", canvas.Characters) <= width) tail = $"{tail}  {note}";
        var columns = TextWidth.Of(text, canvas.Characters);
        var tailColumns = tail.Length == 0 ? 0 : TextWidth.Of(tail, canvas.Characters) + (text.Length == 0 ? 0 : 1);
        // A tail that would leave less than a name of the text is left out whole.
        if (text.Length > 0 && width - tailColumns < Math.Min(columns, 8)) tailColumns = 0;
        tailColumns = Math.Min(tailColumns, width);
        columns = Math.Min(columns, width - tailColumns);
        canvas.WriteField(x, 0, columns, Alignment.Left, row.TextStyle, text);
        if (tailColumns <= 0) return;
        var air = text.Length == 0 ? 0 : 1;
        canvas.WriteField(x + Math.Max(0, columns) + air, 0, tailColumns - air, Alignment.Left, row.TailStyle, tail);
    }

    private static void DrawArrow(Canvas wire, LadderRow row)
    {
        if (wire.Width < 2) return;
        wire.Horizontal(0, 0, wire.Width, row.ArrowStyle);
        wire.Write(0, 0, row.ArrowStyle, row.Arrow == LadderArrow.Right ? "├" : "◀");
        wire.Write(wire.Width - 1, 0, row.ArrowStyle, row.Arrow == LadderArrow.Right ? "▶" : "┤");
        var room = wire.Width - 6;
        var columns = Math.Min(TextWidth.Of(row.Label, wire.Characters), room);
        if (columns <= 0) return;
        var x = (wire.Width - columns) / 2;
        wire.Fill(new Rectangle(x - 1, 0, columns + 2, 1), row.ArrowStyle);
        wire.WriteField(x, 0, columns, Alignment.Left, row.ArrowStyle, row.Label);
    }
}
