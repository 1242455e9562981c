using System.Text;

namespace NetLab.Tui.Rendering;

/// <summary>A buffer as plain text.</summary>
public static class ScreenDump
{
    /// <summary>One line a row, without trailing spaces.</summary>
    public static string[] Lines(CellBuffer buffer)
    {
        var lines = new string[buffer.Height];
        var line = new StringBuilder();
        for (var y = 0; y < buffer.Height; y++)
        {
            line.Clear();
            foreach (var cell in buffer.Row(y))
            {
                if (cell.Width == 0) continue;
                line.Append(cell.IsCluster ? Encoding.UTF8.GetString(buffer.Pool[cell.Symbol]) : new Rune(cell.Symbol).ToString());
            }

            lines[y] = line.ToString().TrimEnd(' ');
        }

        return lines;
    }
}
