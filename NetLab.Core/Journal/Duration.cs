namespace NetLab.Core;

/// <summary>A stretch of time in nanoseconds; negative when the end lies before the start.</summary>
/// <param name="Nanoseconds">The length in nanoseconds.</param>
public readonly record struct Duration(long Nanoseconds) : IComparable<Duration>
{
    /// <summary>No time at all.</summary>
    public static Duration Zero => default;

    /// <summary>The length in seconds.</summary>
    public double Seconds => Nanoseconds / 1e9;

    /// <summary>A stretch of that many microseconds.</summary>
    public static Duration FromMicroseconds(long microseconds) => new(microseconds * 1_000);

    /// <summary>A stretch of that many milliseconds.</summary>
    public static Duration FromMilliseconds(long milliseconds) => new(milliseconds * 1_000_000);

    /// <summary>A stretch of that many seconds.</summary>
    public static Duration FromSeconds(long seconds) => new(seconds * 1_000_000_000);

    /// <summary>The same length for the class library, rounded down to its 100 ns ticks.</summary>
    public TimeSpan ToTimeSpan() => TimeSpan.FromTicks(Nanoseconds / 100);

    /// <inheritdoc/>
    public int CompareTo(Duration other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Writes the length as a person reads it, at most eight columns: "870 ns", "12 µs", "390 ms", "1.25 s", "59.8 s", "4 min".</summary>
    /// <param name="destination">Where to write; 16 characters are always enough.</param>
    /// <returns>How many characters were written; 0 if <paramref name="destination"/> is too small.</returns>
    public int Format(Span<char> destination)
    {
        long size = Math.Abs(Nanoseconds);
        int written;
        bool fits = size switch
        {
            < 1_000 => destination.TryWrite($"{Nanoseconds} ns", out written),
            < 1_000_000 => destination.TryWrite($"{Nanoseconds / 1_000} µs", out written),
            < 1_000_000_000 => destination.TryWrite($"{Nanoseconds / 1_000_000} ms", out written),
            < 10_000_000_000 => destination.TryWrite($"{Nanoseconds / 1e9:0.00} s", out written),
            < 100_000_000_000 => destination.TryWrite($"{Nanoseconds / 1e9:0.0} s", out written),
            < 10_000_000_000_000 => destination.TryWrite($"{Nanoseconds / 60_000_000_000} min", out written),
            _ => destination.TryWrite($"{Nanoseconds / 3_600_000_000_000} h", out written),
        };
        return fits ? written : 0;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<char> text = stackalloc char[32];
        return new string(text[..Format(text)]);
    }

    /// <summary>Both stretches, one after the other.</summary>
    public static Duration operator +(Duration left, Duration right) => new(left.Nanoseconds + right.Nanoseconds);

    /// <summary>What is left of <paramref name="left"/> after <paramref name="right"/>.</summary>
    public static Duration operator -(Duration left, Duration right) => new(left.Nanoseconds - right.Nanoseconds);

    /// <summary>Whether the left one is shorter.</summary>
    public static bool operator <(Duration left, Duration right) => left.Nanoseconds < right.Nanoseconds;

    /// <summary>Whether the left one is longer.</summary>
    public static bool operator >(Duration left, Duration right) => left.Nanoseconds > right.Nanoseconds;

    /// <summary>Whether the left one is not longer.</summary>
    public static bool operator <=(Duration left, Duration right) => left.Nanoseconds <= right.Nanoseconds;

    /// <summary>Whether the left one is not shorter.</summary>
    public static bool operator >=(Duration left, Duration right) => left.Nanoseconds >= right.Nanoseconds;

    /// <summary>The sum; <c>left + right</c>.</summary>
    public static Duration Add(Duration left, Duration right) => left + right;

    /// <summary>The difference; <c>left - right</c>.</summary>
    public static Duration Subtract(Duration left, Duration right) => left - right;
}
