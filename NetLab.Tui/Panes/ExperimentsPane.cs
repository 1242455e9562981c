using NetLab.Core.Session;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>The experiments, and below them what the chosen one teaches.</summary>
public sealed class ExperimentsPane(IReadOnlyList<string> names) : Pane
{
    private int _top;
    private int _runningTop = int.MaxValue;
    private int _runningFirst;

    /// <summary>The chosen one's place.</summary>
    public int Selected { get; private set; }

    /// <summary>The chosen one's name.</summary>
    public string SelectedName => names[Selected];

    /// <summary>The server or client that the Lab's panes follow instead of the experiment; null for none.</summary>
    public HeldPeer? Followed { get; set; }

    /// <inheritdoc/>
    public override string Title => "experiments";

    /// <inheritdoc/>
    public override string Note(PaneContext context) => $"{Selected + 1}/{names.Count}";

    /// <summary>Chooses the one so many places further.</summary>
    /// <returns>Whether another one was chosen.</returns>
    public bool Move(int places) => Choose(Selected + places);

    /// <summary>Chooses by place.</summary>
    /// <returns>Whether another one was chosen.</returns>
    public bool Choose(int place)
    {
        int before = Selected;
        Selected = Math.Clamp(place, 0, names.Count - 1);
        return Selected != before;
    }

    /// <summary>The place of the row at this height.</summary>
    public int PlaceAt(int y) => _top + y;

    /// <summary>The server or client in the row at this height; null where there is none.</summary>
    public HeldPeer? PeerAt(int y, PeerGroup peers)
    {
        ArgumentNullException.ThrowIfNull(peers);
        return y >= _runningTop && _runningFirst + y - _runningTop < peers.All.Count ? peers.All[_runningFirst + y - _runningTop] : null;
    }

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context)
    {
        int running = DrawRunning(canvas, context.Lab.Peers);
        canvas = canvas.Slice(canvas.Bounds with { Height = canvas.Height - running });
        int listHeight = Math.Min(names.Count, Math.Max(3, canvas.Height / 2));
        _top = Math.Clamp(_top, Math.Max(0, Selected - listHeight + 1), Selected);
        for (int y = 0; y < listHeight && _top + y < names.Count; y++)
        {
            bool chosen = _top + y == Selected;
            canvas.WriteField(0, y, canvas.Width, Alignment.Left, chosen ? Theme.Title : Theme.Text, $" {(chosen ? "›" : " ")} {names[_top + y]}");
            if (chosen && Followed is null)
                canvas.Overlay(new Rectangle(0, y, canvas.Width, 1), Theme.Selection);
        }

        if (Followed is not null || context.Lab.View.Steps.Script is not { } script)
            return;
        var about = canvas.Slice(new Rectangle(1, listHeight + 1, canvas.Width - 2, canvas.Height - listHeight - 1));
        int lines = Paragraph.Draw(about, Theme.Title, script.Title);
        Paragraph.Draw(about.Slice(about.Bounds with { Y = lines + 1, Height = about.Height - lines - 1 }), Theme.Faint, script.About);
    }

    // Servers and clients stand below, in view whatever is shown beside.
    private int DrawRunning(Canvas canvas, PeerGroup peers)
    {
        _runningTop = int.MaxValue;
        if (peers.All.Count == 0)
            return 0;
        int shown = Math.Min(peers.All.Count, Math.Max(2, canvas.Height / 4));
        int top = canvas.Height - shown - 1;
        canvas.Horizontal(0, top, canvas.Width, Theme.Border);
        canvas.Write(1, top, Theme.Title, " running ");
        canvas.WriteField(canvas.Width - 4, top, 3, Alignment.Right, Theme.Key, " R ");
        // The newest, where there is no room for all.
        (_runningTop, _runningFirst) = (top + 1, peers.All.Count - shown);
        for (int row = 0; row < shown; row++)
        {
            var held = peers.All[_runningFirst + row];
            var (sign, _, style) = PeersPane.Standing(held);
            int x = canvas.Write(1, top + 1 + row, style, sign);
            canvas.WriteField(x + 1, top + 1 + row, canvas.Width - x - 2, Alignment.Left, Theme.Text, $"{held.Peer.Facts.Name} :{held.Port}");
            if (held == Followed)
                canvas.Overlay(new Rectangle(0, top + 1 + row, canvas.Width, 1), Theme.Selection);
        }

        return shown + 2;
    }
}
