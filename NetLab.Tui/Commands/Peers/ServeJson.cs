using System.Collections.Concurrent;
using System.Text.Json;
using NetLab.Core;
using NetLab.Core.Peers;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary>What happens at a peer as JSON, an object a line: its bytes out of the journal, and its connections and requests out of its log.</summary>
internal sealed class ServeJson : IPeerLog
{
    private const int MostWaiting = 65_536, MostAtOnce = 1024;
    private readonly ConcurrentQueue<PeerLogEntry> _waiting = new();
    private readonly Journal _journal;
    private readonly JournalReader _reader;
    private readonly TextWriter _output;
    private byte[] _buffer = [];
    private long _lost, _missed;

    public ServeJson(Journal journal, TextWriter output) => (_journal, _reader, _output) = (journal, journal.OpenReader(), output);

    /// <summary>Set when there is something to print.</summary>
    public AutoResetEvent Changed { get; } = new(false);

    /// <summary>What the peer is now.</summary>
    public void WritePeer(Peer peer, Timestamp now, string status) => Write(json =>
    {
        Head(json, now, "peer");
        json.WriteString("actor", peer.Name);
        json.WriteString("status", status);
        json.WriteString("local", peer.Local.ToString());
        json.WriteString("command", peer.Specification.ToString());
    });

    /// <inheritdoc/>
    public void Write(in PeerLogEntry entry)
    {
        if (_waiting.Count >= MostWaiting)
            Interlocked.Increment(ref _lost);
        else
            _waiting.Enqueue(entry);
        Changed.Set();
    }

    /// <summary>Prints what has happened, in order of time; under a flood a part of it, and then there is something to print still.</summary>
    public void Print(Timestamp now)
    {
        // A line of the log is told after the bytes that came before it: those are in the journal by now.
        int lines = _waiting.Count;
        int left = MostAtOnce;
        while (left-- > 0 && _reader.TryRead(now, out var entry, out var reference))
        {
            while (lines > 0 && _waiting.TryPeek(out var line) && line.Time <= entry.Time)
            {
                lines--;
                WriteNext();
            }

            if (entry.Kind == EventKind.Bytes && _journal.TryGet(reference, ref _buffer, out _, out var data))
                _output.Write(EventJson.Bytes(entry, data, _journal.Names) + "\n");
        }

        if (left < 0)
            Changed.Set();
        for (; left >= 0 && lines > 0; lines--)
            WriteNext();
        WriteLosses(now);
        _output.Flush();
    }

    private void WriteNext()
    {
        if (_waiting.TryDequeue(out var line))
            Write(json => WriteEntry(json, line));
    }

    private void WriteLosses(Timestamp now)
    {
        long lost = Interlocked.Exchange(ref _lost, 0);
        if (lost > 0)
            Write(json => EventJson.WriteDropped(json, now, "log", lost));
        long missed = _reader.Missed - _missed;
        if (missed > 0)
            Write(json => EventJson.WriteDropped(json, now, "peers", missed));
        _missed += missed;
    }

    private static void WriteEntry(Utf8JsonWriter json, PeerLogEntry entry)
    {
        bool isRequest = entry.Kind is PeerLogKind.Request or PeerLogKind.RequestError;
        Head(json, entry.Time, isRequest ? "request" : entry.Kind is PeerLogKind.Exchange or PeerLogKind.Notice ? "notice" : "connection");
        if (!entry.Tuple.Local.IsUnknown)
            json.WriteString("local", entry.Tuple.Local.ToString());
        if (!entry.Tuple.Remote.IsUnknown)
            json.WriteString("remote", entry.Tuple.Remote.ToString());
        if (!isRequest && entry.Kind is PeerLogKind.Opened or PeerLogKind.Closed or PeerLogKind.Refused)
            json.WriteString("status", entry.Kind switch { PeerLogKind.Opened => "opened", PeerLogKind.Closed => "closed", _ => "refused" });
        if (entry.Kind == PeerLogKind.Closed)
        {
            json.WriteNumber("bytesReceived", entry.Received);
            json.WriteNumber("bytesSent", entry.Sent);
        }

        if (entry.Kind == PeerLogKind.Request)
            json.WriteString("request", EventText.Printable(entry.Text));
        else if (entry.Text.Length > 0)
            json.WriteString("detail", EventText.Printable(entry.Text));
        if (entry.Status != 0)
            json.WriteNumber("status", entry.Status);
    }

    private static void Head(Utf8JsonWriter json, Timestamp time, string kind)
    {
        json.WriteString("time", time.ToString());
        json.WriteString("kind", kind);
        json.WriteString("provenance", Provenance.Observed.Name());
    }

    private void Write(Action<Utf8JsonWriter> members) => _output.Write(JsonLine.Write(members) + "\n");
}
