using NetLab.Core.Session;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;

namespace NetLab.Tui.Panes;

/// <summary>
/// The States tab on a capture file: its connections upon the diagram of RFC 9293, as the packets tell them. The file is read for it when it is first
/// shown. The marks stand where the packet chosen on the Packets tab left them; a step in the path chooses its packet there.
/// </summary>
/// <param name="file">The file; it is its opener's.</param>
public sealed class FileStatesPane(CaptureFileLog file) : Pane, IDisposable
{
    private readonly StateDiagramPane _diagram = new();
    private FileConnections? _connections;
    private bool _wasAtWork;

    /// <inheritdoc/>
    public override string Title => $"states · {EventText.Printable(file.Name)}";

    /// <inheritdoc/>
    public override bool IsOfRun => false;

    /// <inheritdoc/>
    public override bool IsBusy => _wasAtWork;

    /// <inheritdoc/>
    public override IReadOnlyList<KeyHelp> Keys => _diagram.Keys;

    /// <inheritdoc/>
    public override string Note(PaneContext context)
    {
        // What ended while a frame was drawn is drawn once more.
        _wasAtWork = _connections is not { IsDone: true };
        string note = With(context, _diagram.Note);
        var connections = _connections!;
        if (connections.View.Forgotten > 0)
            note = $"the newest {connections.View.Connections.Count} · {note}";
        return connections.IsDone ? note : $"{connections.Progress:0 %} read · {note}";
    }

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context) => With(context, inner => _diagram.Draw(canvas, inner));

    /// <inheritdoc/>
    public override void DrawFoot(Canvas line, PaneContext context) => With(context, inner => _diagram.DrawFoot(line, inner));

    /// <inheritdoc/>
    public override bool Take(KeyEvent key, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(context);
        if (!key.Is(' ') && !key.Is('r'))
            return With(context, inner => _diagram.Take(key, inner));
        context.Foot.Say("These states are a file's; on tab 1 an experiment runs.");
        return true;
    }

    /// <inheritdoc/>
    public override bool Back(PaneContext context) => With(context, _diagram.Back);

    /// <inheritdoc/>
    public override void Scroll(int rows, PaneContext context) => With(context, inner => _diagram.Scroll(rows, inner));

    /// <inheritdoc/>
    public override void Click(int x, int y, PaneContext context) => With(context, inner => _diagram.Click(x, y, inner));

    /// <inheritdoc/>
    public void Dispose() => _connections?.Dispose();

    private T With<T>(PaneContext context, Func<PaneContext, T> look)
    {
        ArgumentNullException.ThrowIfNull(context);
        _connections ??= new FileConnections(file);
        lock (_connections.Gate)
            return look(context with { States = StatesSource.Of(_connections), Now = _connections.End });
    }

    private void With(PaneContext context, Action<PaneContext> look) => With(context, inner =>
    {
        look(inner);
        return true;
    });
}
