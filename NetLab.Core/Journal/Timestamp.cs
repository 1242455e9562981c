using System.Globalization;

namespace NetLab.Core;

/// <summary>A moment of the kernel's clock (CLOCK_REALTIME): nanoseconds since 1970-01-01T00:00:00Z. Every event carries one; no pane invents one.</summary>
/// <param name="Nanoseconds">Nanoseconds since the epoch.</param>
public readonly record struct Timestamp(long Nanoseconds) : IComparable<Timestamp>
{
    /// <summary>Before every event.</summary>
    public static Timestamp MinValue => new(long.MinValue);

    /// <summary>After every event.</summary>
    public static Timestamp MaxValue => new(long.MaxValue);

    /// <summary>The length of what <see cref="FormatRfc3339"/> writes: "2026-11-22T14:56:35.123456789Z".</summary>
    public const int Rfc3339Length = 30;

    /// <inheritdoc/>
    public int CompareTo(Timestamp other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Writes the moment as RFC 3339 in UTC with nine decimals, 30 characters.</summary>
    /// <returns>30, or 0 if <paramref name="destination"/> is too small.</returns>
    public int FormatRfc3339(Span<char> destination)
    {
        var (ticks, nanoseconds) = Split();
        var moment = new DateTime(ticks, DateTimeKind.Utc);
        return destination.TryWrite(CultureInfo.InvariantCulture, $"{moment:yyyy-MM-ddTHH:mm:ss}.{nanoseconds:000000000}Z", out int written)
            ? written : 0;
    }

    /// <summary>The moment as RFC 3339 in UTC with nine decimals.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[Rfc3339Length];
        return new string(text[..FormatRfc3339(text)]);
    }

    /// <summary>The time of day in UTC as the class library has it, and the nanoseconds within its second.</summary>
    public DateTime ToDateTime() => new(DateTime.UnixEpoch.Ticks + Nanoseconds / 100, DateTimeKind.Utc);

    private (long Ticks, long Nanoseconds) Split()
    {
        long seconds = Math.DivRem(Nanoseconds, 1_000_000_000, out long rest);
        if (rest < 0)
        {
            seconds--;
            rest += 1_000_000_000;
        }

        return (DateTime.UnixEpoch.Ticks + seconds * TimeSpan.TicksPerSecond, rest);
    }

    /// <summary>How long after <paramref name="earlier"/> this moment is.</summary>
    public static Duration operator -(Timestamp later, Timestamp earlier) => new(later.Nanoseconds - earlier.Nanoseconds);

    /// <summary>The moment that much later.</summary>
    public static Timestamp operator +(Timestamp start, Duration length) => new(start.Nanoseconds + length.Nanoseconds);

    /// <summary>The moment that much earlier.</summary>
    public static Timestamp operator -(Timestamp end, Duration length) => new(end.Nanoseconds - length.Nanoseconds);

    /// <summary>Whether the left one is earlier.</summary>
    public static bool operator <(Timestamp left, Timestamp right) => left.Nanoseconds < right.Nanoseconds;

    /// <summary>Whether the left one is later.</summary>
    public static bool operator >(Timestamp left, Timestamp right) => left.Nanoseconds > right.Nanoseconds;

    /// <summary>Whether the left one is not later.</summary>
    public static bool operator <=(Timestamp left, Timestamp right) => left.Nanoseconds <= right.Nanoseconds;

    /// <summary>Whether the left one is not earlier.</summary>
    public static bool operator >=(Timestamp left, Timestamp right) => left.Nanoseconds >= right.Nanoseconds;

    /// <summary>The stretch between two moments; <c>later - earlier</c>.</summary>
    public static Duration Subtract(Timestamp later, Timestamp earlier) => later - earlier;

    /// <summary>The moment that much later; <c>start + length</c>.</summary>
    public static Timestamp Add(Timestamp start, Duration length) => start + length;
}
