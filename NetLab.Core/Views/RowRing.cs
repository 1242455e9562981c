namespace NetLab.Core.Views;

/// <summary>The newest rows of a view: bounded, the oldest fall out. A row keeps its number while it is there, so that a scrolled list can hold still.</summary>
/// <typeparam name="T">A row.</typeparam>
/// <param name="bound">How many rows are kept, rounded up to a power of two.</param>
public sealed class RowRing<T>(int bound)
{
    private readonly T[] _rows = new T[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)bound)];

    /// <summary>The number of the oldest row that is kept; how many fell out or were cleared.</summary>
    public long First { get; private set; }

    /// <summary>The number that the next row will have.</summary>
    public long End { get; private set; }

    /// <summary>How many rows are kept.</summary>
    public int Count => (int)(End - First);

    /// <summary>The row at a place among those that are kept, 0 being the oldest.</summary>
    public ref readonly T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return ref _rows[(First + index) & (_rows.Length - 1)];
        }
    }

    /// <summary>Adds a row at the end.</summary>
    public void Add(in T row)
    {
        if (Count == _rows.Length)
            First++;
        _rows[End++ & (_rows.Length - 1)] = row;
    }

    /// <summary>Exchanges two rows, counted from the oldest that is kept.</summary>
    public void Swap(int left, int right)
    {
        int mask = _rows.Length - 1;
        (_rows[(First + left) & mask], _rows[(First + right) & mask]) = (_rows[(First + right) & mask], _rows[(First + left) & mask]);
    }

    /// <summary>Forgets every row; the numbers go on.</summary>
    public void Clear()
    {
        Array.Clear(_rows);
        First = End;
    }
}
