using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>The experiments, and below them what the chosen one teaches.</summary>
public sealed class ExperimentsPane(IReadOnlyList<string> names) : Pane
{
    private int _top;

    /// <summary>The chosen one's place.</summary>
    public int Selected { get; private set; }

    /// <summary>The chosen one's name.</summary>
    public string SelectedName => names[Selected];

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

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context)
    {
        int listHeight = Math.Min(names.Count, Math.Max(3, canvas.Height / 2));
        _top = Math.Clamp(_top, Math.Max(0, Selected - listHeight + 1), Selected);
        for (int y = 0; y < listHeight && _top + y < names.Count; y++)
        {
            bool chosen = _top + y == Selected;
            canvas.WriteField(0, y, canvas.Width, Alignment.Left, chosen ? Theme.Title : Theme.Text, $" {(chosen ? "›" : " ")} {names[_top + y]}");
            if (chosen)
                canvas.Overlay(new Rectangle(0, y, canvas.Width, 1), Theme.Selection);
        }

        if (context.Lab.View.Steps.Script is not { } script)
            return;
        var about = canvas.Slice(new Rectangle(1, listHeight + 1, canvas.Width - 2, canvas.Height - listHeight - 1));
        int lines = Paragraph.Draw(about, Theme.Title, script.Title);
        Paragraph.Draw(about.Slice(about.Bounds with { Y = lines + 1, Height = about.Height - lines - 1 }), Theme.Faint, script.About);
    }
}
