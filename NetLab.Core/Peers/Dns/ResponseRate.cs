namespace NetLab.Core.Peers;

/// <summary>What becomes of an answer.</summary>
internal enum RateVerdict
{
    /// <summary>It is sent.</summary>
    Send,

    /// <summary>It is sent without records, cut off, so that a client that is really there comes again over TCP.</summary>
    CutOff,

    /// <summary>It is not sent.</summary>
    Drop,
}

/// <summary>
/// Bounds the answers a second to one client's network, so that forged queries can't make a server flood somebody: beyond the bound every second
/// answer is cut off, the others are dropped. Networks that fall into the same of its places share a bound. Any number of threads may ask.
/// </summary>
/// <param name="perSecond">How many answers a second, and how many at once after a silence.</param>
internal sealed class ResponseRate(int perSecond)
{
    private const int Places = 1 << 14, Second = 1_000_000_000;
    private readonly Lock _gate = new();
    private readonly (long Time, long Left, bool WasCut)[] _places = new (long, long, bool)[Places];

    /// <summary>Takes one answer out of a client's share.</summary>
    public RateVerdict Take(IpAddress client, Timestamp now)
    {
        // Left is counted in billionths of an answer, so that every nanosecond brings perSecond of them.
        lock (_gate)
        {
            ref var place = ref _places[(uint)Network(client) % Places];
            long passed = Math.Clamp(now.Nanoseconds - place.Time, 0, Second);
            place.Left = Math.Min((long)perSecond * Second, place.Left + passed * perSecond);
            place.Time = now.Nanoseconds;
            if (place.Left >= Second)
            {
                place.Left -= Second;
                return RateVerdict.Send;
            }

            place.WasCut = !place.WasCut;
            return place.WasCut ? RateVerdict.CutOff : RateVerdict.Drop;
        }
    }

    // The hash is seeded anew by every process: nobody can choose networks that share a place with another.
    private static int Network(IpAddress client)
    {
        Span<byte> octets = stackalloc byte[16];
        client.WriteMapped(octets);
        var hash = new HashCode();
        hash.AddBytes(client.IsIPv4 ? octets[..15] : octets[..7]);
        return hash.ToHashCode();
    }
}
