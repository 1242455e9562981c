namespace NetLab.Core.Tcp;

/// <summary>Some of the states.</summary>
/// <param name="Bits">One bit a state, by its number.</param>
public readonly record struct TcpStateSet(uint Bits)
{
    /// <summary>Every state.</summary>
    public static TcpStateSet All => new(uint.MaxValue);

    /// <summary>No state.</summary>
    public static TcpStateSet None => default;

    /// <summary>One state.</summary>
    public static TcpStateSet Of(TcpState state) => new(1u << (int)state);

    /// <summary>Whether the state is one of them.</summary>
    public bool Contains(TcpState state) => (Bits >> (int)state & 1) != 0;

    /// <summary>These and one more.</summary>
    public TcpStateSet With(TcpState state) => new(Bits | 1u << (int)state);
}
