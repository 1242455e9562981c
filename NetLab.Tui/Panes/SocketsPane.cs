using NetLab.Core;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;
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

/// <summary>
/// The kernel's socket table as it was sampled last, sorted and filtered. New rows are lit for a moment and bear a +, gone ones linger with a ×. The
/// selected socket keeps its place on the screen while others come and go.
/// </summary>
public sealed class SocketsPane : ListPane
{
    private const int LeastForBoth = 30;

    // One frame more, so that the light goes out.
    private static readonly Duration s_grace = Duration.FromMilliseconds(250);

    private readonly List<int> _shown = [];
    private SocketScope _scope;
    private SocketFilter _filter = SocketFilter.All;
    private SocketColumn[] _columns = SocketColumn.For(0);
    private SocketColumn _sorted = SocketColumn.Local;
    private int _order = 1;
    private SocketKey? _selected;
    private SocketEntry? _opened;
    private (long Version, SocketScope Scope, SocketFilter Filter, SocketColumn Column, int Order, object? Subject) _collected;

    /// <summary>A pane on the socket table.</summary>
    /// <param name="scope">Which sockets it shows at first.</param>
    public SocketsPane(SocketScope scope)
    {
        _scope = scope;
        State = new ListState { GrowsAtEnd = false };
    }

    /// <inheritdoc/>
    public override string Title => _scope == SocketScope.Machine ? "sockets · machine" : "sockets · experiment";

    /// <inheritdoc/>
    public override IReadOnlyList<KeyHelp> Keys =>
    [
        new("↑↓", "move (j k PgUp PgDn g G)", "select"), new("Enter", "open the socket's detail; Esc closes it", "detail"),
        new("/", "filter: :port, state, tcp, udp, part of a name; ! not", "filter"), new("s S", "sort by the next column; reverse", "sort"),
        new("a", "all of the machine, or the experiment's only", _scope == SocketScope.Machine ? "experiment" : "machine"), new("y", "copy the socket's line"),
    ];

    /// <inheritdoc/>
    public override string Note(PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Collect(context);
        int all = context.Lab.View.Sockets.Rows.Length;
        string filter = _filter.IsAll ? "" : $"/ {_filter.Text} · ";
        return _shown.Count == all ? $"{filter}{all}" : $"{filter}{_shown.Count} of {all}";
    }

    /// <inheritdoc/>
    protected override int Count(PaneContext context)
    {
        // A key may come before the first frame.
        Collect(context);
        return _shown.Count;
    }

    /// <inheritdoc/>
    public override void Reset()
    {
    }

    /// <inheritdoc/>
    public override Duration? Tick(PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var sockets = context.Lab.View.Sockets;
        bool changes = sockets.Count != sockets.Rows.Length || context.Now - sockets.Newest <= SocketsView.Fresh + s_grace
            || _shown.Exists(index => index < context.Lab.View.Sockets.Rows.Length && context.Lab.View.Sockets.Rows[index].Detail.Timer == SocketTimer.TimeWait);
        return changes ? Duration.FromMilliseconds(200) : null;
    }

    /// <inheritdoc/>
    public override bool Back(PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_opened is not null)
            Open(null, context);
        else if (!_filter.IsAll)
            _filter = SocketFilter.All;
        else
            return false;
        return true;
    }

    /// <inheritdoc/>
    public override bool Take(KeyEvent key, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(context);
        if (key.Key == Key.Enter)
            OpenSelected(context);
        else if (key.Is('/'))
            AskFilter(context);
        else if (key.Is('s'))
            SortByNext();
        else if (key.Is('S'))
            _order = -_order;
        else if (key.Is('a'))
            _scope = _scope == SocketScope.Machine ? SocketScope.Experiment : SocketScope.Machine;
        else if (key.Is('y'))
            CopyLine(context);
        else if (key.Is('F') || !base.Take(key, context))
            return false;
        else
            Remember(context);
        return true;
    }

    /// <inheritdoc/>
    public override void Click(int x, int y, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int row = State.Top + y - 1;
        if (y < 1 || row >= _shown.Count)
            return;
        bool again = row == State.Selected;
        Choose(row, context);
        Remember(context);
        if (again)
            OpenSelected(context);
    }

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _columns = SocketColumn.For(canvas.Width);
        if (!_columns.Contains(_sorted))
            _sorted = SocketColumn.Local;
        Collect(context);
        if (_opened is not null)
        {
            // Where there is room the table stays above its detail.
            int table = canvas.Height >= LeastForBoth ? canvas.Height - SocketDetailView.Rows - 1 : 0;
            if (table > 0)
                canvas.Horizontal(1, table, canvas.Width - 2, Theme.Border);
            SocketDetailView.Draw(canvas.Slice(new Rectangle(0, table == 0 ? 0 : table + 1, canvas.Width, canvas.Height - (table == 0 ? 0 : table + 1))),
                Current(_opened.Value, context), context);
            canvas = canvas.Slice(canvas.Bounds with { Height = table });
            if (table == 0)
                return;
        }

        if (_shown.Count == 0)
        {
            canvas.Write(1, 0, Theme.Faint, !_filter.IsAll ? "No socket passes the filter; Esc takes it away."
                : _scope == SocketScope.Experiment ? context.Lab.View.Ports.Port is { } port ? $"No socket on port {port}." : "No socket on the experiment's ports." : "No socket.");
            return;
        }

        Fit(canvas.Height - 1, 0);
        Reveal(context);
        var moment = context.Cursor.IsFrom(this) ? null : context.Cursor.Moment;
        var looks = Array.ConvertAll(_columns, column => column.Look);
        Table.Draw(canvas.Slice(canvas.Bounds.Inset(1, 0)), looks, _shown.Count, State,
            (row, column, cell, _) => DrawCell(context.Lab.View.Sockets.Rows[_shown[row]], _columns[column], cell, context),
            Theme.Heading, Theme.Text, Theme.Selection, Array.IndexOf(_columns, _sorted), _order);
        for (int y = 1; y < canvas.Height && State.Top + y - 1 < _shown.Count; y++)
            Mark(canvas.Slice(new Rectangle(0, y, canvas.Width, 1)), State.Top + y - 1, moment?.IsOf(Row(State.Top + y - 1, context).Key.Tuple) ?? false);
    }

    /// <inheritdoc/>
    protected override Moment? MomentAt(int row, PaneContext context)
    {
        var tuple = Row(row, context).Key.Tuple;
        foreach (var end in context.Lab.View.Connections.Ends)
        {
            if (end.Tuple == tuple)
                return context.Lab.View.Moments.Of(end.Path[^1]) ?? new Moment(end.Since) { Tuple = tuple };
        }

        return null;
    }

    /// <inheritdoc/>
    protected override int RowOf(Moment moment, PaneContext context)
    {
        for (int row = 0; row < _shown.Count; row++)
        {
            if (moment.IsOf(Row(row, context).Key.Tuple))
                return row;
        }

        return -1;
    }

    private ref readonly SocketEntry Row(int row, PaneContext context) => ref context.Lab.View.Sockets.Rows[_shown[row]];

    private void Remember(PaneContext context)
    {
        _selected = State.Selected >= 0 && State.Selected < _shown.Count ? Row(State.Selected, context).Key : null;
        if (_opened is not null && _selected is not null)
            Open(Row(State.Selected, context), context);
    }

    private void OpenSelected(PaneContext context)
    {
        if (State.Selected < 0 && _shown.Count > 0)
        {
            Choose(0, context);
            Remember(context);
        }

        if (State.Selected >= 0 && State.Selected < _shown.Count)
            Open(Row(State.Selected, context), context);
    }

    private void Open(SocketEntry? row, PaneContext context)
    {
        _opened = row;
        context.Lab.Instruments.Inspect(row is { } opened && opened.Gone == Timestamp.MaxValue ? (opened.Key.Protocol, opened.Key.Tuple) : null);
    }

    // A socket that has gone for good is told as it was seen last.
    private SocketEntry Current(in SocketEntry opened, PaneContext context)
    {
        foreach (ref readonly var row in context.Lab.View.Sockets.Rows)
        {
            if (row.Key == opened.Key)
            {
                _opened = row;
                return row;
            }
        }

        return opened with { Gone = opened.Gone == Timestamp.MaxValue ? opened.Sampled : opened.Gone };
    }

    private void SortByNext()
    {
        var sorts = Array.FindAll(_columns, column => column.Sorts);
        (_sorted, _order) = (sorts[(Array.IndexOf(sorts, _sorted) + 1) % sorts.Length], 1);
    }

    private void AskFilter(PaneContext context) => context.Foot.Ask(new Prompt("filter", _filter.Text,
        text => SocketFilter.TryParse(text, out _, out string fault, out int column) ? null : new PromptFault(fault, column),
        text => _filter = SocketFilter.TryParse(text, out var filter, out _, out _) ? filter : _filter));

    private void CopyLine(PaneContext context)
    {
        if (State.Selected < 0 || State.Selected >= _shown.Count)
            return;
        ref readonly var row = ref Row(State.Selected, context);
        string owner = row.ProcessId == 0 ? "" : $" {EventText.Printable(context.Names[row.Process])} pid {row.ProcessId} fd {row.Detail.Descriptor}";
        context.Foot.Copy($"{(row.Detail.Protocol == 6 ? "tcp" : "udp")} {row.Key.Tuple.Local} {row.Key.Tuple.Remote} {SocketsView.StateName(row.Detail)}{owner}",
            "the socket's line");
    }

    private void Collect(PaneContext context)
    {
        var view = context.Lab.View;
        var wanted = (view.Sockets.Version, _scope, _filter, _sorted, _order, view.Ports.Port is null ? view.Steps.Script : (object)view.Ports);
        if (wanted == _collected)
            return;
        _collected = wanted;
        _shown.Clear();
        var rows = view.Sockets.Rows;
        for (int index = 0; index < rows.Length; index++)
        {
            if ((_scope == SocketScope.Machine || IsOfExperiment(rows[index].Key.Tuple, context))
                && (_filter.IsAll || _filter.Wants(rows[index], context.Names[rows[index].Process], UserNames.Of(rows[index].Detail.UserId))))
                _shown.Add(index);
        }

        _shown.Sort((left, right) => _order * _sorted.Compare(view.Sockets.Rows[left], view.Sockets.Rows[right], context.Names));
        if (_selected is not { } key)
            return;
        int place = _shown.FindIndex(index => view.Sockets.Rows[index].Key == key);
        if (place >= 0)
            State.Carry(place, _shown.Count);
        else
            State.Unselect();
    }

    private static bool IsOfExperiment(FourTuple tuple, PaneContext context)
    {
        if (context.Lab.View.Ports is { Port: not null } followed)
            return followed.Takes(tuple);
        if (context.Lab.View.Steps.Script is not { } script)
            return false;
        return script.Ports.Contains(tuple.Local.Port) || script.Ports.Contains(tuple.Remote.Port);
    }

    private static void DrawCell(in SocketEntry row, SocketColumn column, Canvas cell, PaneContext context)
    {
        var style = row.Gone != Timestamp.MaxValue ? Theme.Faint
            : context.Lab.View.Sockets.IsFresh(row, context.Now) ? Theme.Now
            : column.Look.Heading == "state" ? StateStyle(row) : Theme.Text;
        column.Draw(row, cell, style, context);
    }

    // What waits stands back; what is open is plain.
    private static Style StateStyle(in SocketEntry row) => row.Detail switch
    {
        { Protocol: not 6 } => Theme.Faint,
        { State: TcpState.TimeWait or TcpState.FinWait2 or TcpState.CloseWait or TcpState.SynSent } => Theme.Waiting,
        { State: TcpState.Listen } => Theme.Faint,
        _ => Theme.Text,
    };
}
