using NetLab.Core;
using NetLab.Core.Session;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;

namespace NetLab.Tui.Panes;

/// <summary>What a pane is given to draw: the views, the moment, and how much room it has.</summary>
/// <param name="Lab">The journal's views.</param>
/// <param name="Now">The moment of this frame.</param>
/// <param name="Names">The names that events refer to.</param>
public sealed record PaneContext(Laboratory Lab, Timestamp Now, NameTable Names)
{
    /// <summary>The cursor that all instruments share.</summary>
    public SharedCursor Cursor { get; init; } = new();

    /// <summary>Whose states are shown; those of what runs here unless somebody says otherwise.</summary>
    public StatesSource States { get => field ??= StatesSource.Of(Lab); init; }

    /// <summary>How far a run is that goes step by step.</summary>
    public Stepping Stepping { get; init; } = new();

    /// <summary>Where a pane asks and tells.</summary>
    public Foot Foot { get; init; } = new();
}

/// <summary>A key and what it does, for the help and the line of keys.</summary>
/// <param name="Keys">"↑↓", "Enter".</param>
/// <param name="Does">"open the socket's detail".</param>
/// <param name="Brief">The same for the line of keys, in a word or two ("detail"); null where the help alone tells it.</param>
public readonly record struct KeyHelp(string Keys, string Does, string? Brief = null);

/// <summary>
/// One rectangle of the screen that shows one view of the journal. A pane reads views and draws; what it keeps itself is where it was scrolled to.
/// To make another: derive from this, draw, and name it in the tabs of <c>App/LabScreen.cs</c>.
/// </summary>
public abstract class Pane
{
    /// <summary>What stands at the left of its frame.</summary>
    public abstract string Title { get; }

    /// <summary>What stands at the right of its frame; empty for nothing.</summary>
    public virtual string Note(PaneContext context) => "";

    /// <summary>Draws what is inside the frame.</summary>
    public abstract void Draw(Canvas canvas, PaneContext context);

    /// <summary>Whether it has work left over from this frame that the next one goes on with.</summary>
    public virtual bool IsBusy => false;

    /// <summary>Whether it shows what runs here; not so a file.</summary>
    public virtual bool IsOfRun => true;

    /// <summary>Takes a key.</summary>
    /// <returns>False when the key means nothing to it.</returns>
    public virtual bool Take(KeyEvent key, PaneContext context) => false;

    /// <summary>How soon it must be drawn anew although nothing happens, because a clock is on it; null for never.</summary>
    public virtual Duration? Tick(PaneContext context) => null;

    /// <summary>Draws upon the lower border of its frame; nothing where it has nothing to say there.</summary>
    public virtual void DrawFoot(Canvas line, PaneContext context)
    {
    }

    /// <summary>Backs out of what was opened last: a detail, a filter.</summary>
    /// <returns>False when nothing was open.</returns>
    public virtual bool Back(PaneContext context) => false;

    /// <summary>Takes the wheel at a place of its own: what is under the pointer turns.</summary>
    public virtual void Wheel(int rows, int x, int y, PaneContext context) => Scroll(rows, context);

    /// <summary>Scrolls: so many rows down, or up when negative.</summary>
    public virtual void Scroll(int rows, PaneContext context)
    {
    }

    /// <summary>A click at a place of its own.</summary>
    public virtual void Click(int x, int y, PaneContext context)
    {
    }

    /// <summary>Forgets what it shows from before a new run.</summary>
    public virtual void Reset()
    {
    }

    /// <summary>Its own keys, for the help and the line of keys; only what it really does.</summary>
    public virtual IReadOnlyList<KeyHelp> Keys => [];
}
