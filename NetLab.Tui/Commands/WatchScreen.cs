using System.Text;
using NetLab.Core.Interop;
using NetLab.Tui.Rendering;

namespace NetLab.Tui.Commands;

/// <summary>
/// Draws a block of lines again and again in the same place of a terminal: from its first line, each cut at the right edge, the rest cleared. Nothing of the
/// terminal's state is changed, so nothing is to be restored when the command is killed.
/// </summary>
/// <param name="output">The terminal.</param>
internal sealed class WatchScreen(Stream output)
{
    private bool _isCleared;

    /// <summary>How many rows fit below the heading.</summary>
    public static int MostRows => Math.Max(1, Size().Rows - 3);

    /// <summary>Draws.</summary>
    /// <param name="heading">The first line.</param>
    /// <param name="print">Prints the others.</param>
    public void Draw(string heading, Action<LineOutput> print)
    {
        using var block = new MemoryStream();
        var lines = new LineOutput(block);
        print(lines);
        lines.Flush();
        var (columns, rows) = Size();
        var frame = new StringBuilder(_isCleared ? "\e[H" : "\e[H\e[2J");
        _isCleared = true;
        string[] text = [heading, .. Encoding.UTF8.GetString(block.GetBuffer(), 0, (int)block.Length).Split('\n')];
        foreach (string line in text.Take(rows - 1))
            Append(frame, line, columns).Append("\e[K\r\n");
        frame.Append("\e[J");
        output.Write(Encoding.UTF8.GetBytes(frame.ToString()));
    }

    /// <summary>Appends as much of a line as fits; sequences that colour it take no room.</summary>
    internal static StringBuilder Append(StringBuilder frame, string line, int columns)
    {
        bool isCut = false;
        for (int start = 0; start < line.Length;)
        {
            int escape = line.IndexOf('\e', start);
            int end = escape < 0 ? line.Length : escape;
            var stretch = line.AsSpan(start, end - start);
            int fits = isCut ? 0 : TextWidth.Fit(stretch, columns);
            columns -= isCut ? 0 : TextWidth.Of(stretch[..fits]);
            isCut |= fits < stretch.Length;
            frame.Append(stretch[..fits]);
            if (escape < 0)
                break;
            start = line.IndexOf('m', escape) + 1;
            frame.Append(line, escape, start - escape);
        }

        return frame;
    }

    private static (int Columns, int Rows) Size() =>
        Tty.TryGetSize(Tty.StandardOutput, out int columns, out int rows) && columns > 0 && rows > 3 ? (columns, rows) : (80, 24);
}
