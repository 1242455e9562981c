using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>
/// A pane that is a list: it scrolls, follows its end, and never jumps while it is scrolled away from its end. Its selection is the cursor that all
/// instruments share, and what belongs to the moment that another pane chose is marked and brought into view.
/// </summary>
public abstract class ListPane : Pane
{
    private int _height = 1;
    private long _dropped;
    private int _seen;

    /// <summary>Where the list stands.</summary>
    protected ListState State { get; init; } = new();

    /// <summary>How many rows there are.</summary>
    protected abstract int Count(PaneContext context);

    /// <inheritdoc/>
    public override IReadOnlyList<KeyHelp> Keys =>
    [
        new("↑↓ j k", "move"), new("PgUp PgDn", "page"), new("g G", "first, last"), new("F", "follow the end", "follow"),
    ];

    /// <summary>The moment that a row belongs to; null for none.</summary>
    protected virtual Moment? MomentAt(int row, PaneContext context) => null;

    /// <summary>The first row that belongs to a moment that another pane chose; -1 for none.</summary>
    protected virtual int RowOf(Moment moment, PaneContext context) => -1;

    /// <summary>Selects a row, and puts the shared cursor on its moment.</summary>
    protected void Choose(int row, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        State.Select(row, Count(context));
        Share(context);
    }

    /// <summary>Brings what another pane has chosen into view. Call it after <see cref="Fit"/>, before drawing.</summary>
    protected void Reveal(PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_seen == context.Cursor.Version)
            return;
        _seen = context.Cursor.Version;
        if (context.Cursor.IsFrom(this))
            return;
        // One cursor: what was selected here before is no longer it.
        State.Unselect();
        if (context.Cursor.Moment is { } moment && RowOf(moment, context) is >= 0 and var row)
            State.Show(row, Count(context), _height);
    }

    /// <summary>Marks a row that belongs to the moment that another pane chose, or that is selected here.</summary>
    /// <param name="line">The row's line, from the pane's left border on: the sign takes its first column.</param>
    /// <param name="row">Which row.</param>
    /// <param name="linked">Whether it belongs to the moment.</param>
    protected void Mark(Canvas line, int row, bool linked)
    {
        if (row == State.Selected)
        {
            line.Overlay(line.Bounds, Theme.Selection);
        }
        else if (linked)
        {
            line.Write(0, 0, Theme.LinkedSign, "◆");
            line.Overlay(line.Bounds, Theme.Linked);
        }
    }

    private void Share(PaneContext context)
    {
        context.Cursor.Choose(State.Selected >= 0 ? MomentAt(State.Selected, context) : null, this);
        _seen = context.Cursor.Version;
    }

    /// <summary>Tells how many rows fit and how many have fallen out at the top since the list began. Call it before drawing.</summary>
    protected void Fit(int height, long droppedRows)
    {
        _height = Math.Max(1, height);
        if (droppedRows > _dropped && !State.Follows)
            State.Dropped((int)Math.Min(int.MaxValue, droppedRows - _dropped));
        _dropped = droppedRows;
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        State.Unselect();
        State.Follow();
    }

    /// <inheritdoc/>
    public override void Scroll(int rows, PaneContext context) => State.Scroll(rows, Count(context), _height);

    /// <inheritdoc/>
    public override void Click(int x, int y, PaneContext context)
    {
        if (State.Top + y < Count(context))
            Choose(State.Top + y, context);
    }

    /// <inheritdoc/>
    public override bool Take(KeyEvent key, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(key);
        int count = Count(context);
        if (Movement.Of(key, _height, count) is { } distance)
        {
            // Moving up from a list that follows starts at its last visible row.
            if (State.Selected < 0 && distance < 0)
                State.Select(count - 1, count);
            State.Move(distance, count);
            Share(context);
            return true;
        }

        if (!key.Is('F'))
            return false;
        State.Unselect();
        State.Follow();
        Share(context);
        return true;
    }
}
