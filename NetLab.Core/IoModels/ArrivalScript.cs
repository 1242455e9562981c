using System.Buffers;
using System.Globalization;

namespace NetLab.Core.IoModels;

/// <summary>When messages come and how long they are: what every model in a race has to read.</summary>
public sealed class ArrivalScript
{
    /// <summary>The most messages a script may have.</summary>
    public const int MostArrivals = 10_000;

    /// <summary>The most bytes of all messages together, for each model.</summary>
    public const int MostBytes = 64 << 20;

    /// <summary>The latest moment.</summary>
    public static readonly Duration Latest = Duration.FromSeconds(60);

    private static readonly BuiltInScript[] s_builtIn =
    [
        new("classic", "four messages: at once, after a while, two close together, and one after a long wait", "0ms 20\n50ms 20\n55ms 20\n300ms 20"),
        new("burst", "two bursts of ten messages that come as fast as they can be sent", "50ms 100 times 10\n200ms 100 times 10"),
        new("trickle", "one byte every 10 ms", "10ms 1 times 30 every 10ms"),
        new("large", "one message of 4 MiB, which no buffer holds at once", "50ms 4194304"),
    ];

    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789.");

    private ArrivalScript(string name, IReadOnlyList<Arrival> arrivals)
    {
        (Name, Arrivals) = (name, arrivals);
        TotalBytes = arrivals.Sum(arrival => (long)arrival.Bytes);
    }

    /// <summary>The scripts that are built in: their names and what comes in each.</summary>
    public static IEnumerable<(string Name, string Says)> BuiltIn => s_builtIn.Select(script => (script.Name, script.Says));

    /// <summary>The one that the textbook's picture needs.</summary>
    public static ArrivalScript Classic => Find("classic")!;

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The messages, in order of time.</summary>
    public IReadOnlyList<Arrival> Arrivals { get; }

    /// <summary>The bytes of all messages.</summary>
    public long TotalBytes { get; }

    /// <summary>When the last message comes.</summary>
    public Duration End => Arrivals[^1].At;

    /// <summary>The built-in script of a name, always the same one; null when there is none.</summary>
    public static ArrivalScript? Find(string name)
    {
        foreach (var script in s_builtIn)
        {
            if (script.Name == name)
                return script.Read.Value;
        }

        return null;
    }

    /// <summary>
    /// Reads a script: a line is <c>TIME BYTES [times COUNT [every TIME]] [on PLACE]</c>, a time a number with ns, us, ms or s; what follows # is a
    /// comment.
    /// </summary>
    /// <param name="name">What it is called, for mistakes.</param>
    /// <param name="text">The lines.</param>
    /// <param name="mistake">What is wrong, and where, when the answer is null.</param>
    public static ArrivalScript? TryRead(string name, string text, out string mistake)
    {
        ArgumentNullException.ThrowIfNull(text);
        var arrivals = new List<Arrival>();
        long bytes = 0;
        int number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            int comment = line.IndexOf('#');
            var words = line[..(comment < 0 ? line.Length : comment)].ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                continue;
            string? wrong = ReadLine(words, arrivals, ref bytes);
            if (wrong is null)
                continue;
            mistake = $"{name}:{number.ToString(CultureInfo.InvariantCulture)}: {wrong}.";
            return null;
        }

        mistake = arrivals.Count == 0 ? $"{name} has no arrivals; a line is TIME BYTES, as in '50ms 20'." : "";
        return arrivals.Count == 0 ? null : new ArrivalScript(name, [.. arrivals.OrderBy(arrival => arrival.At)]);
    }

    private static string? ReadLine(string[] words, List<Arrival> arrivals, ref long bytes)
    {
        if (!TryReadTime(words[0], out var at))
            return $"{Shown(words[0])} is no time such as 50ms or 1.5s, at most {Latest}";
        if (words.Length < 2 || !TryReadNumber(words[1], 1, MostBytes, out int length))
            return $"after the time stands how many bytes come, 1 to {MostBytes.ToString(CultureInfo.InvariantCulture)}";
        var (count, every, place, next) = (1, Duration.Zero, (int?)null, 2);
        while (next < words.Length)
        {
            string word = words[next];
            string? value = next + 1 < words.Length ? words[next + 1] : null;
            bool isRead = word switch
            {
                "times" => TryReadNumber(value, 1, MostArrivals, out count),
                "every" => TryReadTime(value, out every),
                "on" => TryReadPlace(value, ref place),
                _ => false,
            };
            if (!isRead)
            {
                string after = value is null ? $"after {word} something is missing" : $"{Shown(value)} can't stand after {word}";
                return word switch
                {
                    "times" => $"{after}: a number from 1 to {MostArrivals.ToString(CultureInfo.InvariantCulture)} can",
                    "every" => $"{after}: a time such as 5ms or 1.5s can",
                    "on" => $"{after}: a place from 0 to {MostArrivals.ToString(CultureInfo.InvariantCulture)} can",
                    _ => $"{Shown(word)} is none of times COUNT, every TIME, on PLACE",
                };
            }

            next += 2;
        }

        if (arrivals.Count + count > MostArrivals)
            return $"there may be at most {MostArrivals.ToString(CultureInfo.InvariantCulture)} arrivals";
        bytes += (long)length * count;
        if (bytes > MostBytes)
            return $"all messages together may have at most {MostBytes.ToString(CultureInfo.InvariantCulture)} bytes";
        if (at.Nanoseconds + every.Nanoseconds * (count - 1) > Latest.Nanoseconds)
            return $"the last message would come after more than {Latest}";
        for (int repeat = 0; repeat < count; repeat++)
            arrivals.Add(new Arrival(at + new Duration(every.Nanoseconds * repeat), length, place ?? arrivals.Count));
        return null;
    }

    private static bool TryReadPlace(string? word, ref int? place)
    {
        bool isRead = TryReadNumber(word, 0, MostArrivals, out int number);
        place = isRead ? number : null;
        return isRead;
    }

    private static bool TryReadNumber(string? word, int least, int most, out int number) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;

    private static bool TryReadTime(string? word, out Duration time)
    {
        time = default;
        if (word is null)
            return false;
        int digits = word.AsSpan().IndexOfAnyExcept(s_digits);
        double unit = (digits < 0 ? "" : word[digits..]) switch { "ns" => 1, "us" or "µs" => 1e3, "ms" => 1e6, "s" => 1e9, _ => -1 };
        if (word == "0")
            return true;
        if (unit < 0 || !double.TryParse(word.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            return false;
        double nanoseconds = number * unit;
        if (nanoseconds > Latest.Nanoseconds)
            return false;
        time = new Duration((long)nanoseconds);
        return true;
    }

    // What was typed goes to the terminal: short, and without anything that moves a cursor.
    private static string Shown(string word)
    {
        var printable = word.Where(letter => !char.IsControl(letter) && char.GetUnicodeCategory(letter) != UnicodeCategory.Format).Take(24);
        return $"'{string.Concat(printable)}'";
    }

    private sealed record BuiltInScript(string Name, string Says, string Text)
    {
        public Lazy<ArrivalScript> Read { get; } = new(() => TryRead(Name, Text, out _)!);
    }
}
