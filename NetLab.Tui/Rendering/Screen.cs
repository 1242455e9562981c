namespace NetLab.Tui.Rendering;

/// <summary>What is on the terminal (front), what shall be (back), and where the cursor shall be.</summary>
public sealed class Screen
{
    private readonly GraphemePool pool = new();

    /// <summary>A screen of that size of which nothing is known yet.</summary>
    public Screen(int width, int height, CharacterSet characters = CharacterSet.Unicode)
    {
        Front = new CellBuffer(width, height, characters, pool);
        Back = new CellBuffer(width, height, characters, pool);
    }

    /// <summary>What was written last.</summary>
    internal CellBuffer Front { get; private set; }

    /// <summary>What is drawn on.</summary>
    public CellBuffer Back { get; private set; }

    /// <summary>The cell of the cursor, or null to hide it.</summary>
    public (int X, int Y)? Cursor { get; set; }

    /// <summary>True when the next frame paints everything.</summary>
    internal bool IsInvalid { get; set; } = true;

    /// <summary>Takes another size; the next frame paints everything.</summary>
    public void Resize(int width, int height)
    {
        if (width == Back.Width && height == Back.Height) return;
        pool.Clear();
        Front = new CellBuffer(width, height, Back.Characters, pool);
        Back = new CellBuffer(width, height, Back.Characters, pool);
        IsInvalid = true;
    }

    /// <summary>Forgets what the terminal shows (after a resume, or on Ctrl+L): the next frame paints everything.</summary>
    public void Invalidate() => IsInvalid = true;

    /// <summary>Begins a frame: a blank back buffer to draw the whole screen on.</summary>
    public Canvas Begin()
    {
        if (pool.IsNearlyFull)
        {
            pool.Clear();
            IsInvalid = true;
        }

        Back.Clear();
        Cursor = null;
        return Back.Canvas;
    }
}
