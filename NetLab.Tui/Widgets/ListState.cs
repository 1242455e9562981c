namespace NetLab.Tui.Widgets;

/// <summary>Where a long list stands: its first visible row, its selection, and whether it follows its end.</summary>
public sealed class ListState
{
    private bool follows = true;

    /// <summary>The first visible row.</summary>
    public int Top { get; private set; }

    /// <summary>The selected row, or -1.</summary>
    public int Selected { get; private set; } = -1;

    /// <summary>False for a list whose newest rows are not at its end (a sorted table): it never follows.</summary>
    public bool GrowsAtEnd { get; init; } = true;

    /// <summary>True while new rows scroll the list; moving away from the end ends it, reaching the end begins it.</summary>
    public bool Follows
    {
        get => GrowsAtEnd && follows;
        private set => follows = value;
    }

    /// <summary>Moves the selection by so many rows.</summary>
    public void Move(int rows, int count) => Select((Selected < 0 && rows > 0 ? -1 : Selected) + rows, count);

    /// <summary>Selects a row, clamped to those that are there.</summary>
    public void Select(int row, int count)
    {
        Selected = count == 0 ? -1 : Math.Clamp(row, 0, count - 1);
        Follows = Selected == count - 1;
    }

    /// <summary>Goes to the end and follows it.</summary>
    public void Follow() => Follows = true;

    /// <summary>The selected row has another place now, because rows came or went above it: it stays where it is on the screen.</summary>
    public void Carry(int row, int count)
    {
        Top = Math.Max(0, Top + row - Selected);
        Select(row, count);
    }

    /// <summary>Takes the selection away; what is in view stays.</summary>
    public void Unselect() => Selected = -1;

    /// <summary>Scrolls by so many rows and leaves the selection where it is (the wheel); at the end the list follows again.</summary>
    public void Scroll(int rows, int count, int height)
    {
        var last = Math.Max(0, count - Math.Max(1, height));
        Top = Math.Clamp((Follows ? last : Top) + rows, 0, last);
        Follows = Top == last;
        // A selection that would be scrolled out of view comes along.
        if (Selected >= 0) Selected = Math.Clamp(Selected, Top, Math.Min(count, Top + Math.Max(1, height)) - 1);
    }

    /// <summary>Brings a row into view; one that is in view already moves nothing.</summary>
    public void Show(int row, int count, int height)
    {
        height = Math.Max(1, height);
        var last = Math.Max(0, count - height);
        var top = Follows ? last : Math.Clamp(Top, 0, last);
        if (row >= top && row < top + height) return;
        Top = Math.Clamp(row - (height / 3), 0, last);
        Follows = false;
    }

    /// <summary>Puts a row at the top as far as the list reaches; the list no longer follows its end.</summary>
    public void Place(int top, int count, int height)
    {
        Top = Math.Clamp(top, 0, Math.Max(0, count - Math.Max(1, height)));
        Follows = false;
    }

    /// <summary>The list dropped so many of its oldest rows: the same rows stay in view.</summary>
    public void Dropped(int rows)
    {
        Top = Math.Max(0, Top - rows);
        if (Selected >= 0) Selected = Math.Max(0, Selected - rows);
    }

    /// <summary>Fits the state to a list of so many rows in a window of so many; call it before drawing.</summary>
    public void Fit(int count, int height)
    {
        height = Math.Max(1, height);
        if (Follows)
        {
            if (Selected >= 0) Selected = count - 1;
            Top = Math.Max(0, count - height);
            return;
        }

        Selected = Math.Min(Selected, count - 1);
        if (Selected >= 0 && Selected < Top) Top = Selected;
        if (Selected >= Top + height) Top = Selected - height + 1;
        Top = Math.Clamp(Top, 0, Math.Max(0, count - height));
    }
}
