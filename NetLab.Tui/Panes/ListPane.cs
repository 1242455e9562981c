using NetLab.Tui.Terminal;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>A pane that is a list: it scrolls, follows its end, can be paused, and never jumps while it is scrolled away from its end.</summary>
public abstract class ListPane : Pane
{
    private int _height = 1;
    private long _dropped;

    /// <summary>Where the list stands.</summary>
    protected ListState State { get; } = new();

    /// <summary>How many rows there are.</summary>
    protected abstract int Count(PaneContext context);

    /// <inheritdoc/>
    public override IReadOnlyList<KeyHelp> Keys =>
    [
        new("↑↓ j k", "move"), new("PgUp PgDn", "page"), new("g G", "first, last"), new("F", "follow the end"),
    ];

    /// <summary>Tells how many rows fit and how many have fallen out at the top since the list began. Call it before drawing.</summary>
    protected void Fit(int height, long droppedRows)
    {
        _height = Math.Max(1, height);
        if (droppedRows > _dropped && !State.Follows)
            State.Dropped((int)Math.Min(int.MaxValue, droppedRows - _dropped));
        _dropped = droppedRows;
    }

    /// <inheritdoc/>
    public override void Reset() => State.Follow();

    /// <inheritdoc/>
    public override void Scroll(int rows, PaneContext context) => State.Move(rows, Count(context));

    /// <inheritdoc/>
    public override void Click(int x, int y, PaneContext context)
    {
        if (State.Top + y < Count(context))
            State.Select(State.Top + y, Count(context));
    }

    /// <inheritdoc/>
    public override bool Take(KeyEvent key, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(key);
        int count = Count(context);
        int? rows = key switch
        {
            { Key: Key.Up } => -1,
            { Key: Key.Down } => 1,
            { Key: Key.PageUp } => -_height,
            { Key: Key.PageDown } => _height,
            { Key: Key.Home } => -count,
            { Key: Key.End } => count,
            _ when key.Is('k') => -1,
            _ when key.Is('j') => 1,
            _ when key.Is('g') => -count,
            _ when key.Is('G') => count,
            _ => null,
        };
        if (rows is { } distance)
        {
            // Moving up from a list that follows starts at its last visible row.
            if (State.Selected < 0 && distance < 0)
                State.Select(count - 1, count);
            State.Move(distance, count);
            return true;
        }

        if (!key.Is('F'))
            return false;
        State.Select(count - 1, count);
        State.Follow();
        return true;
    }
}
