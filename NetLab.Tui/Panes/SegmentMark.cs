using NetLab.Core.Tcp;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;

namespace NetLab.Tui.Panes;

/// <summary>What is remarkable about a segment, at the end of its line: a sign and a short word, in the colour of trouble where it is some.</summary>
internal static class SegmentMark
{
    /// <summary>Draws it behind the line, or over the line's end where there is no room behind.</summary>
    /// <param name="line">One row.</param>
    /// <param name="end">The column after the row's text.</param>
    /// <param name="analysis">What the segments before say.</param>
    public static void Draw(Canvas line, int end, in SegmentAnalysis analysis)
    {
        if (analysis.Marks == StreamMarks.None)
            return;
        Span<char> text = stackalloc char[64];
        string sign = analysis.Marks.IsTrouble() ? "✗" : "·", word = analysis.Marks.Word();
        bool fits = analysis.DuplicateAck > 0
            ? text.TryWrite($" {sign} {word} #{analysis.DuplicateAck}", out int length) : text.TryWrite($" {sign} {word}", out length);
        if (!fits || length >= line.Width)
            return;
        int x = Math.Min(Math.Max(0, end + 1), line.Width - length);
        line.Write(x, 0, analysis.Marks.IsTrouble() ? Theme.Failed : Theme.Waiting, text[..length]);
    }
}
