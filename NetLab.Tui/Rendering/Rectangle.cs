namespace NetLab.Tui.Rendering;

/// <summary>A rectangle of cells: left column, top row, and its size, none of them negative in size.</summary>
public readonly record struct Rectangle(int X, int Y, int Width, int Height)
{
    /// <summary>The column after the last.</summary>
    public int Right => X + Width;

    /// <summary>The row after the last.</summary>
    public int Bottom => Y + Height;

    /// <summary>True when it holds no cell.</summary>
    public bool IsEmpty => Width <= 0 || Height <= 0;

    /// <summary>True when the cell lies inside.</summary>
    public bool Contains(int x, int y) => x >= X && x < Right && y >= Y && y < Bottom;

    /// <summary>What both have in common; an empty rectangle when nothing.</summary>
    public Rectangle Intersect(Rectangle other)
    {
        int left = Math.Max(X, other.X), top = Math.Max(Y, other.Y);
        int right = Math.Min(Right, other.Right), bottom = Math.Min(Bottom, other.Bottom);
        return new Rectangle(left, top, Math.Max(0, right - left), Math.Max(0, bottom - top));
    }

    /// <summary>The rectangle without a margin on every side.</summary>
    public Rectangle Inset(int columns, int rows) =>
        new(X + columns, Y + rows, Math.Max(0, Width - (2 * columns)), Math.Max(0, Height - (2 * rows)));

    /// <summary>A rectangle of the given size in the middle of this one, never larger than it.</summary>
    public Rectangle Centre(int width, int height)
    {
        width = Math.Clamp(width, 0, Math.Max(0, Width));
        height = Math.Clamp(height, 0, Math.Max(0, Height));
        return new Rectangle(X + ((Width - width) / 2), Y + ((Height - height) / 2), width, height);
    }
}
