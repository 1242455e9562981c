using NetLab.Core;
using NetLab.Core.Session;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;

namespace NetLab.Tui.Panes;

/// <summary>What a pane is given to draw: the views, the moment, and how much room it has.</summary>
/// <param name="Lab">The journal's views.</param>
/// <param name="Now">The moment of this frame.</param>
/// <param name="Names">The names that events refer to.</param>
public sealed record PaneContext(Laboratory Lab, Timestamp Now, NameTable Names);

/// <summary>A key and what it does, for the help and the status line.</summary>
/// <param name="Keys">"↑↓", "Enter".</param>
/// <param name="Does">"run".</param>
public readonly record struct KeyHelp(string Keys, string Does);

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

    /// <summary>Takes a key.</summary>
    /// <returns>False when the key means nothing to it.</returns>
    public virtual bool Take(KeyEvent key, PaneContext context) => false;

    /// <summary>Takes the wheel: so many rows down, or up when negative.</summary>
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

    /// <summary>Its own keys, for the help.</summary>
    public virtual IReadOnlyList<KeyHelp> Keys => [];
}
