using System.Text;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>The whole ladder in a file, as text or as an SVG picture, by the name's ending.</summary>
internal static class TimelineExport
{
    // Wide enough that few calls are cut; a picture is to be read on a page.
    private const int TextColumns = 160, PictureColumns = 132;

    public static void Write(Stream file, string path, IReadOnlyList<TimelineLine> lines, (string Left, string Right) headings, TimelineRows rows)
    {
        bool picture = path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase);
        var buffer = new CellBuffer(picture ? PictureColumns : TextColumns, lines.Count + 1);
        Ladder.Draw(buffer.Canvas, headings.Left, headings.Right, lines.Count, new ListState(), index => rows.Row(lines[index], null),
            new LadderLook(Theme.Heading, Theme.Border, Theme.Faint, default));
        string text = picture ? ScreenSvg.Render(buffer) : string.Join('\n', ScreenDump.Lines(buffer)) + "\n";
        file.Write(Encoding.UTF8.GetBytes(text));
    }
}
