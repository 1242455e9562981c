using NetLab.Core;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>Which sockets a pane shows.</summary>
public enum SocketScope
{
    /// <summary>Those on the experiment's ports.</summary>
    Experiment,

    /// <summary>All of the machine.</summary>
    Machine,
}

/// <summary>The kernel's socket table as it was sampled last. New rows are lit for a moment, gone ones linger.</summary>
/// <param name="scope">Which sockets.</param>
public sealed class SocketsPane(SocketScope scope) : ListPane
{
    private static readonly Duration s_new = Duration.FromSeconds(1);
    private static readonly TableColumn[] s_narrow =
        [new("proto", Extent.Fixed(5)), new("local", Extent.Fill(1, 6)), new("remote", Extent.Fill(1, 6)), new("state", Extent.Fixed(12)), new("process", Extent.Fixed(10))];

    private static readonly TableColumn[] s_wide =
    [
        new("proto", Extent.Fixed(5)), new("local", Extent.Fill(2, 15)), new("remote", Extent.Fill(2, 15)), new("state", Extent.Fixed(12)),
        new("recv-q", Extent.Fixed(7), Alignment.Right), new("send-q", Extent.Fixed(7), Alignment.Right), new("timer", Extent.Fixed(8), Alignment.Right),
        new("pid", Extent.Fixed(7), Alignment.Right), new("fd", Extent.Fixed(4), Alignment.Right), new("process", Extent.Fill(1, 8)),
    ];

    private readonly List<int> _shown = [];

    /// <inheritdoc/>
    public override string Title => "sockets";

    /// <inheritdoc/>
    public override string Note(PaneContext context) =>
        _shown.Count == context.Lab.View.Sockets.Rows.Length ? $"{_shown.Count}" : $"{_shown.Count} of {context.Lab.View.Sockets.Rows.Length}";

    /// <inheritdoc/>
    protected override int Count(PaneContext context) => _shown.Count;

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context)
    {
        Collect(context);
        if (_shown.Count == 0)
        {
            canvas.Write(1, 0, Theme.Faint, scope == SocketScope.Experiment ? "No socket on the experiment's ports." : "No socket.");
            return;
        }

        Fit(canvas.Height - 1, 0);
        var columns = canvas.Width >= 96 ? s_wide : s_narrow;
        Table.Draw(canvas.Slice(canvas.Bounds.Inset(1, 0)), columns, _shown.Count, State,
            (row, column, cell, style) => DrawCell(context.Lab.View.Sockets.Rows[_shown[row]], columns[column].Heading, cell, style, context),
            Theme.Heading, Theme.Text, Theme.Selection);
    }

    /// <inheritdoc/>
    public override void Click(int x, int y, PaneContext context) => base.Click(x, y - 1, context);

    private void Collect(PaneContext context)
    {
        _shown.Clear();
        var rows = context.Lab.View.Sockets.Rows;
        for (int index = 0; index < rows.Length; index++)
        {
            if (scope == SocketScope.Machine || IsOfExperiment(rows[index].Key.Tuple, context))
                _shown.Add(index);
        }
    }

    private static bool IsOfExperiment(FourTuple tuple, PaneContext context)
    {
        if (context.Lab.View.Steps.Script is not { } script)
            return false;
        return script.Ports.Contains(tuple.Local.Port) || script.Ports.Contains(tuple.Remote.Port);
    }

    private static void DrawCell(in SocketEntry row, string column, Canvas cell, Style style, PaneContext context)
    {
        bool gone = row.Gone != Timestamp.MaxValue;
        if (gone)
            style = Theme.Faint;
        else if (context.Now - row.Appeared < s_new)
            style = Theme.Now;
        switch (column)
        {
            case "proto": cell.Write(0, 0, style, row.Detail.Protocol == 6 ? "tcp" : "udp"); break;
            case "local": WriteEndpoint(cell, style, row.Key.Tuple.Local); break;
            case "remote": WriteEndpoint(cell, style, row.Key.Tuple.Remote); break;
            case "state": cell.Write(0, 0, style, gone ? "gone" : SocketsView.StateName(row.Detail)); break;
            case "recv-q": Number(cell, style, row.Detail.ReceiveQueue); break;
            case "send-q": Number(cell, style, row.Detail.SendQueue); break;
            case "pid" when row.ProcessId != 0: Number(cell, style, row.ProcessId); break;
            case "fd" when row.Detail.Descriptor >= 0: Number(cell, style, row.Detail.Descriptor); break;
            case "process": cell.WriteField(0, 0, cell.Width, Alignment.Left, style, context.Names[row.Process]); break;
            case "timer" when row.Detail.Timer != SocketTimer.Off:
                cell.WriteField(0, 0, cell.Width, Alignment.Right, style, $"{(int)Math.Ceiling(row.TimerRemaining(context.Now).Seconds)} s");
                break;
        }
    }

    // In a narrow cell loopback addresses say nothing, so the port stands alone.
    private static void WriteEndpoint(Canvas cell, Style style, Endpoint endpoint)
    {
        if (endpoint.Port == 0)
            cell.Write(0, 0, style, endpoint.Address.IsUnspecified ? "*" : endpoint.Address.ToString());
        else if (endpoint.Address.IsUnspecified)
            cell.Write(0, 0, style, $"*:{endpoint.Port}");
        else if (cell.Width < 15 && endpoint.Address.IsLoopback)
            cell.Write(0, 0, style, $":{endpoint.Port}");
        else
            cell.WriteField(0, 0, cell.Width, Alignment.Left, style, endpoint.ToString());
    }

    private static void Number(Canvas cell, Style style, long value)
    {
        Span<char> text = stackalloc char[20];
        value.TryFormat(text, out int length);
        cell.WriteField(0, 0, cell.Width, Alignment.Right, style, text[..length]);
    }
}
