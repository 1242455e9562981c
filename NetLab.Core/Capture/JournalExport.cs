namespace NetLab.Core.Capture;

/// <summary>The text of an event as a comment; null leaves it out.</summary>
/// <param name="entry">The event.</param>
/// <param name="data">Its data.</param>
public delegate string? EventComment(in LabEvent entry, ReadOnlySpan<byte> data);

/// <summary>What an export wrote.</summary>
/// <param name="Packets">Packets.</param>
/// <param name="Comments">Events that became comments of packets.</param>
/// <param name="Homeless">Events that found no packet to stand beside, because there is none.</param>
public readonly record struct JournalExportResult(long Packets, long Comments, long Homeless);

/// <summary>Saves a journal as pcapng: packets, and all else as comments of the packets nearest in time, so that Wireshark shows both.</summary>
public static class JournalExport
{
    /// <summary>Writes everything that is in the journal now.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="writer">Where to; the caller disposes of it.</param>
    /// <param name="comment">What an event says.</param>
    public static JournalExportResult Write(Journal journal, PcapngWriter writer, EventComment comment)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(comment);
        var reader = journal.OpenReader();
        // The packet that waits for what comes after it, and those events.
        LabEvent packet = default;
        byte[] packetBytes = [], buffer = [];
        int packetLength = 0;
        var own = new List<string>();
        var after = new List<(Timestamp Time, string Text)>();
        long comments = 0;
        while (reader.TryRead(Timestamp.MaxValue, out var entry, out var reference))
        {
            if (!journal.TryGet(reference, ref buffer, out entry, out var data))
                continue; // dropped meanwhile
            if (entry.Kind != EventKind.Packet)
            {
                if (comment(entry, data) is { } text)
                    after.Add((entry.Time, text));
                continue;
            }

            int nearer = packet.Kind == EventKind.None ? 0 : after.FindIndex(item => item.Time - packet.Time > entry.Time - item.Time);
            nearer = nearer < 0 ? after.Count : nearer;
            own.AddRange(after.Take(nearer).Select(item => item.Text));
            comments += WritePending();
            own.AddRange(after.Skip(nearer).Select(item => item.Text));
            after.Clear();
            (packet, packetLength) = (entry, data.Length);
            (packetBytes, buffer) = (buffer, packetBytes);
        }

        if (packet.Kind == EventKind.None)
            return new JournalExportResult(0, 0, after.Count);
        own.AddRange(after.Select(item => item.Text));
        comments += WritePending();
        return new JournalExportResult(writer.Packets, comments, 0);

        int WritePending()
        {
            if (packet.Kind == EventKind.None)
                return 0;
            var detail = packet.Detail.Packet;
            writer.Write(packet.Time, detail.LinkType, detail.OriginalLength, packetBytes.AsSpan(0, packetLength), own.ToArray());
            int written = own.Count;
            own.Clear();
            return written;
        }
    }
}
