using System.Text;

namespace NetLab.Tui.Rendering;

/// <summary>The grapheme clusters of several code points that are on a screen, as UTF-8, each stored once. Bounded.</summary>
public sealed class GraphemePool
{
    /// <summary>No cluster is longer, in bytes of UTF-8.</summary>
    public const int MaximumBytes = 72;

    /// <summary>So many clusters fit.</summary>
    public const int Capacity = 2048;

    private const int Slots = Capacity * 2;
    private readonly byte[] bytes = new byte[Capacity * 24];
    private readonly int[] starts = new int[Capacity + 1];
    private readonly short[] slots = new short[Slots];

    /// <summary>Clusters held.</summary>
    public int Count { get; private set; }

    /// <summary>True when a screen had better start afresh before its next frame.</summary>
    public bool IsNearlyFull => Count > Capacity / 2 || starts[Count] > bytes.Length / 2;

    /// <summary>The cluster's UTF-8.</summary>
    public ReadOnlySpan<byte> this[int number] => bytes.AsSpan(starts[number]..starts[number + 1]);

    /// <summary>The cluster's number, or -1 when the pool is full or the cluster too long.</summary>
    internal int Add(ReadOnlySpan<char> cluster)
    {
        Span<byte> utf8 = stackalloc byte[MaximumBytes];
        if (!Encoding.UTF8.TryGetBytes(cluster, utf8, out var length)) return -1;
        utf8 = utf8[..length];
        var hash = 2166136261u;
        foreach (var b in utf8) hash = (hash ^ b) * 16777619;
        var slot = (int)(hash % Slots);
        while (slots[slot] != 0)
        {
            if (this[slots[slot] - 1].SequenceEqual(utf8)) return slots[slot] - 1;
            slot = (slot + 1) % Slots;
        }

        if (Count == Capacity || starts[Count] + length > bytes.Length) return -1;
        utf8.CopyTo(bytes.AsSpan(starts[Count]));
        starts[Count + 1] = starts[Count] + length;
        slots[slot] = (short)(Count + 1);
        return Count++;
    }

    internal void Clear()
    {
        Count = 0;
        Array.Clear(slots);
    }
}
