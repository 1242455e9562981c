namespace NetLab.Core.Capture;

/// <summary>An interface that a capture file describes. A pcap file has one.</summary>
/// <param name="LinkType">The LINKTYPE_ value of its packets.</param>
/// <param name="SnapLength">Bytes kept of a packet at most; 0 for no limit.</param>
/// <param name="Resolution">How its time stamps count.</param>
/// <param name="Name">Its name (if_name), if told. It comes from the file: no one has made it safe for a terminal.</param>
public sealed record CaptureInterface(ushort LinkType, uint SnapLength, TimestampResolution Resolution, string? Name = null);

/// <summary>How the time stamps of an interface count (if_tsresol and if_tsoffset).</summary>
public readonly record struct TimestampResolution
{
    private readonly ulong _multiplier;
    private readonly UInt128 _divisor;
    private readonly long _offsetSeconds;

    private TimestampResolution(ulong multiplier, UInt128 divisor, long offsetSeconds) =>
        (_multiplier, _divisor, _offsetSeconds) = (multiplier, divisor, offsetSeconds);

    /// <summary>Microseconds since the epoch.</summary>
    public static TimestampResolution Microseconds => new(1_000, 1, 0);

    /// <summary>Nanoseconds since the epoch.</summary>
    public static TimestampResolution Nanoseconds => new(1, 1, 0);

    /// <summary>Reads if_tsresol.</summary>
    /// <param name="resolution">The negative exponent of 10, or of 2 where the highest bit is set.</param>
    /// <param name="offsetSeconds">if_tsoffset.</param>
    public static TimestampResolution FromOptions(byte resolution, long offsetSeconds)
    {
        int exponent = resolution & 0x7F;
        if ((resolution & 0x80) != 0)
            return new(1_000_000_000, UInt128.One << exponent, offsetSeconds);
        ulong multiplier = 1;
        UInt128 divisor = 1;
        for (int power = exponent; power < 9; power++)
            multiplier *= 10;
        for (int power = 9; power < Math.Min(exponent, 46); power++)
            divisor *= 10;
        return new(multiplier, divisor, offsetSeconds);
    }

    /// <summary>The moment of a count; one that nanoseconds since 1970 cannot express becomes the nearest that they can.</summary>
    public Timestamp ToTimestamp(ulong count)
    {
        if (_divisor == 1 && _offsetSeconds == 0 && count <= (ulong)long.MaxValue / _multiplier)
            return new Timestamp((long)(count * _multiplier));
        var nanoseconds = (Int128)((UInt128)count * _multiplier / _divisor) + (Int128)_offsetSeconds * 1_000_000_000;
        return new Timestamp((long)Int128.Clamp(nanoseconds, long.MinValue, long.MaxValue));
    }
}
