using NetLab.Core.Packets;

namespace NetLab.Core.Views;

/// <summary>Whether a packet is meant. It may keep what it needs between two calls, which come in the packets' order.</summary>
public delegate bool PacketTest(long place, Frame frame);

/// <summary>
/// The packets of a log that pass a test, those that are there and those that come later. The log is looked through piece by piece, each packet
/// once, so that a long log keeps nobody waiting: whoever draws calls <see cref="Advance"/> now and then, or another thread does for a file.
/// </summary>
/// <param name="log">The packets, for the thread that calls <see cref="Advance"/>.</param>
/// <param name="test">The test.</param>
public sealed class PacketSelection(IPacketLog log, PacketTest test)
{
    private long _examined = -1;

    /// <summary>The places of the packets that passed.</summary>
    public PlaceList Matches { get; } = new();

    /// <summary>The place up to which the log was looked through.</summary>
    public long Examined => Math.Max(log.First, Volatile.Read(ref _examined));

    /// <summary>A selection by a display filter.</summary>
    public static PacketSelection Of(IPacketLog log, DisplayFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return new PacketSelection(log, Test(log, filter));
    }

    /// <summary>What asks a display filter; for one thread.</summary>
    public static PacketTest Test(IPacketLog log, DisplayFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var scratch = new Dissection();
        return filter.NeedsHistory
            ? (place, frame) => filter.Matches(log.WithHistory(place, frame), scratch)
            : (_, frame) => filter.Matches(frame, scratch);
    }

    /// <summary>Looks at the next packets.</summary>
    /// <param name="most">How many at most.</param>
    /// <returns>How many were looked at: 0 when all that are there have been.</returns>
    public int Advance(int most)
    {
        long first = log.First, place = Math.Max(first, _examined), end = Math.Min(log.End, place + most);
        Matches.DropBefore(first);
        int count = 0;
        for (; place < end; place++, count++)
        {
            if (log.TryGet(place, out var frame) && test(place, frame))
                Matches.Add(place);
        }

        Volatile.Write(ref _examined, place);
        return count;
    }
}
