using System.Globalization;
using NetLab.Core.Peers;
using NetLab.Core.Session;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>The servers and clients that run in the background: how each stands, its connections, its bytes and rates. The Lab's other panes follow the chosen one.</summary>
public sealed class PeersPane : Pane
{
    private const int SparkColumns = 6, WidestSpark = 24;
    private static readonly KeyHelp[] s_keys =
    [
        new("↑↓ j k", "choose a server or client; the panes follow it"), new("n", "start a new one", "new"), new("s", "stop it", "stop"),
        new("r", "start it again (Enter, too)", "restart"), new("x", "clear away what does not run", "clear"), new("y", "copy the command line that starts it"),
        new("R", "back to the experiments (Esc, too); what runs goes on", "back"),
    ];

    private readonly ListState _list = new() { GrowsAtEnd = false };

    /// <summary>The chosen one; null where there is none.</summary>
    public HeldPeer? Selected { get; private set; }

    /// <inheritdoc/>
    public override string Title => "servers and clients";

    /// <inheritdoc/>
    public override bool IsOfRun => false;

    /// <inheritdoc/>
    public override IReadOnlyList<KeyHelp> Keys => s_keys;

    /// <inheritdoc/>
    public override string Note(PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return $"{context.Lab.Peers.Up} of {context.Lab.Peers.All.Count} up";
    }

    /// <summary>How many rows it needs: a heading, the peers, and what there is to say of the chosen one.</summary>
    public int RowsFor(PeerGroup peers)
    {
        ArgumentNullException.ThrowIfNull(peers);
        return Math.Max(1, peers.All.Count) + 1 + ChosenRows;
    }

    // Why it does not run, and what would mend that, may take two lines; so do a load's figures.
    private int ChosenRows => Selected?.Peer is null or { Refusal: null } and not LoadClient ? 1 : 2;

    /// <summary>Chooses one.</summary>
    public void Choose(HeldPeer? peer) => Selected = peer;

    /// <summary>Chooses the one so many places further.</summary>
    /// <returns>Whether another one was chosen.</returns>
    public bool Move(int places, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var all = context.Lab.Peers.All;
        var before = Selected;
        if (all.Count > 0)
            Selected = all[Math.Clamp(PlaceOf(all) + places, 0, all.Count - 1)];
        return Selected != before;
    }

    /// <summary>The peer in a row of the pane; null where there is none.</summary>
    public HeldPeer? At(int y, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int row = _list.Top + y - 1;
        return y > 0 && row < context.Lab.Peers.All.Count ? context.Lab.Peers.All[row] : null;
    }

    /// <inheritdoc/>
    public override bool Take(KeyEvent key, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(context);
        if (key.Is('s'))
            Selected?.Stop();
        else if (key.Is('r') || key.Key == Key.Enter)
            Selected?.Restart();
        else if (key.Is('y') && Selected is { } peer)
            context.Foot.Copy(peer.Specification.ToString(), "the command line");
        else if (!key.Is(' '))
            return false; // but not Space: it steps experiments
        return true;
    }

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var all = context.Lab.Peers.All;
        if (all.Count == 0)
        {
            canvas.Write(1, 0, Theme.Faint, "Nothing runs. n starts a server or a client.");
            return;
        }

        // What is said of the chosen one stands below the table, where there is room for both.
        int rows = canvas.Height - Math.Clamp(canvas.Height - 2, 0, ChosenRows);
        int spark = Math.Clamp((canvas.Width - 66) / 2, SparkColumns, WidestSpark);
        TableColumn[] columns =
        [
            new(" kind", Extent.Fixed(15)), new("address", Extent.Fill(1, 12)), new("state", Extent.Fixed(8)), new("open", Extent.Fixed(4), Alignment.Right),
            new("◀ in", Extent.Fixed(8), Alignment.Right), new("", Extent.Fixed(spark)), new("▶ out", Extent.Fixed(8), Alignment.Right), new("", Extent.Fixed(spark)),
        ];
        _list.Select(PlaceOf(all), all.Count);
        Table.Draw(canvas.Slice(canvas.Bounds with { Height = rows }), columns, all.Count, _list, (row, column, cell, _) => DrawCell(all[row], column, cell), Theme.Heading, Theme.Text, Theme.Selection);
        if (rows < canvas.Height && Selected is { } chosen)
            DrawChosen(canvas.Slice(new Rectangle(1, rows, canvas.Width - 2, canvas.Height - rows)), chosen);
    }

    /// <summary>How a peer stands: a sign, a word, and how they look.</summary>
    internal static (string Sign, string Word, Style Style) Standing(HeldPeer held) => held switch
    {
        { IsBusy: true, IsToStop: true } => ("…", "stopping", Theme.Waiting),
        { IsBusy: true } => ("…", "starting", Theme.Waiting),
        { Peer.State: PeerState.Connecting } => ("…", "connects", Theme.Waiting),
        { Peer.State: PeerState.Running } => ("●", "running", Theme.Done),
        { Peer.State: PeerState.Ended } => ("✓", "ended", Theme.Faint),
        { Peer.State: PeerState.Failed } => ("✗", "failed", Theme.Failed),
        _ => ("■", "stopped", Theme.Faint),
    };

    /// <summary>Where it listens, or where a client connects to.</summary>
    internal static string AddressOf(HeldPeer held)
    {
        bool isServer = held.Peer.Facts.Role == PeerRole.Server;
        bool isKnown = !held.IsBusy && held.Peer.State == PeerState.Running;
        string host = held.Specification.BareHost;
        return isKnown ? $"{(isServer ? held.Peer.Local : held.Peer.Remote)}"
            : host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{held.Specification.Port}" : $"{host}:{held.Specification.Port}";
    }

    /// <summary>A number of bytes in at most eight columns.</summary>
    internal static string Bytes(double count) => count switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{count:0} B"),
        < 1 << 20 => Scaled(count / (1 << 10), "KiB"),
        < 1 << 30 => Scaled(count / (1 << 20), "MiB"),
        < 1L << 40 => Scaled(count / (1 << 30), "GiB"),
        _ => Scaled(count / (1L << 40), "TiB"),
    };

    private static string Scaled(double value, string unit) => $"{value.ToString(value < 99.95 ? "0.0" : "0", CultureInfo.InvariantCulture)} {unit}";

    private static void DrawCell(HeldPeer held, int column, Canvas cell)
    {
        var counters = held.Peer.Counters;
        var (sign, word, style) = Standing(held);
        switch (column)
        {
            case 0:
                cell.Write(0, 0, style, sign);
                cell.WriteField(2, 0, cell.Width - 2, Alignment.Left, Theme.Title, held.Peer.Facts.Name);
                break;
            case 1:
                cell.WriteField(0, 0, cell.Width, Alignment.Left, Theme.Text, EventText.Printable(AddressOf(held)));
                break;
            case 2:
                cell.WriteField(0, 0, cell.Width, Alignment.Left, style, word);
                break;
            case 3:
                cell.WriteField(0, 0, cell.Width, Alignment.Right, Theme.Text, counters.Open.ToString(CultureInfo.InvariantCulture));
                break;
            case 4:
                cell.WriteField(0, 0, cell.Width, Alignment.Right, Theme.Text, Bytes(counters.BytesReceived));
                break;
            case 5:
                Sparkline.Draw(cell, Theme.Now, held.Received);
                break;
            case 6:
                cell.WriteField(0, 0, cell.Width, Alignment.Right, Theme.Text, Bytes(counters.BytesSent));
                break;
            default:
                Sparkline.Draw(cell, Theme.Now, held.Sent);
                break;
        }
    }

    private static void DrawChosen(Canvas below, HeldPeer held)
    {
        if (held.Peer.Refusal is { } refusal)
        {
            Paragraph.Draw(below, Theme.Failed, $"✗ {EventText.Printable(refusal.Sentence)}");
            return;
        }

        if (held.Peer is LoadClient load)
        {
            DrawLoad(below, held.Specification, load.Figures);
            return;
        }

        var counters = held.Peer.Counters;
        string unit = (held.Peer.Facts.Protocol == 17 ? "datagram" : "connection") + (counters.Total == 1 ? "" : "s");
        // A server of both protocols counts both alike.
        if (held.Specification.Kind == PeerKind.Dns)
            unit = counters.Total == 1 ? "contact" : "contacts";
        string text = string.Create(CultureInfo.InvariantCulture,
            $"{counters.Total} {unit}{(counters.Requests > 0 ? $", {counters.Requests} answered" : "")}{(counters.Refused > 0 ? $", {counters.Refused} refused" : "")}, ◀ {Bytes(held.Received[^1])}/s ▶ {Bytes(held.Sent[^1])}/s  {EventText.Printable(held.Specification.ToString())}");
        below.WriteField(0, 0, below.Width, Alignment.Left, Theme.Faint, text);
    }

    // How far it is and how long its answers take, above the command line that starts it.
    private static void DrawLoad(Canvas below, PeerSpecification specification, LoadFigures? figures)
    {
        const int bar = 10;
        if (figures is not null)
        {
            double part = Math.Max(figures.Elapsed.Seconds / specification.Load.Seconds, figures.Answered / (double)(specification.Load.Requests ?? int.MaxValue));
            Gauge.Draw(below.Slice(new Rectangle(0, 0, bar, 1)), Theme.Now, Theme.Faint, part);
            string failed = string.Concat(figures.Statuses.Where(status => status.Class > 3).Select(status => $", {FigureText.Number(status.Count)} answered with {status.Class}xx"))
                + (figures.Failed > 0 ? $", {FigureText.Number(figures.Failed)} failed" : "");
            string latencies = string.Join("  ", new[] { ("p50", 0.5), ("p90", 0.9), ("p99", 0.99) }.Select(share => $"{share.Item1} {FigureText.Precise(figures.Latencies.Percentile(share.Item2))}"));
            below.WriteField(bar + 1, 0, below.Width - bar - 1, Alignment.Left, failed.Length > 0 ? Theme.Waiting : Theme.Text,
                $"{FigureText.Number(figures.Rate)}/s{failed}  {latencies}  max {FigureText.Precise(figures.Latencies.Most)}");
        }

        below.WriteField(0, 1, below.Width, Alignment.Left, Theme.Faint, EventText.Printable(specification.ToString()));
    }

    private int PlaceOf(IReadOnlyList<HeldPeer> all)
    {
        for (int place = 0; place < all.Count; place++)
        {
            if (all[place] == Selected)
                return place;
        }

        return -1;
    }
}
