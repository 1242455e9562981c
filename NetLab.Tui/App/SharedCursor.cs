using NetLab.Core.Views;

namespace NetLab.Tui.App;

/// <summary>
/// The one cursor of all instruments: who selects a row in a pane puts it there, and every other pane marks what belongs to the same moment and brings
/// it into view. It also holds which connection is looked at.
/// </summary>
public sealed class SharedCursor
{
    private Connection? _connection;

    /// <summary>What was chosen; null for nothing.</summary>
    public Moment? Moment { get; private set; }

    /// <summary>Counts the choices: a pane that has not seen the newest scrolls to it.</summary>
    public int Version { get; private set; }

    /// <summary>The pane in which it was chosen: there the selection itself shows it.</summary>
    public object? By { get; private set; }

    /// <summary>The connection that was chosen by hand; null while the newest one is shown.</summary>
    public Connection? Connection
    {
        get => _connection;
        set
        {
            Version++;
            _connection = value;
        }
    }

    /// <summary>Puts the cursor on a moment, or nowhere.</summary>
    /// <param name="moment">What was chosen; null where the row belongs to no moment.</param>
    /// <param name="by">The pane.</param>
    public void Choose(Moment? moment, object by)
    {
        (Moment, By) = (moment, by);
        Version++;
    }

    /// <summary>Takes the cursor away; the newest connection is shown again.</summary>
    public void Clear()
    {
        (Moment, By, _connection) = (null, null, null);
        Version++;
    }

    /// <summary>Whether a pane should mark what belongs to the moment: not where the choice was made, since the selection is there.</summary>
    public bool IsFrom(object pane) => ReferenceEquals(By, pane);
}
