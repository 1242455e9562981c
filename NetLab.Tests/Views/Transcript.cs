using System.Globalization;
using NetLab.Core;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tests.Tcp;
using ExecutionContext = NetLab.Core.ExecutionContext;

namespace NetLab.Tests.Views;

/// <summary>
/// What sources tell, a line an event, a millisecond apart: kernel events ("! socket FROM TO soft|call end"), segments ("> SA seq 1 ack 2") and rows of the socket
/// table ("# end STATE", "# end STATE timer 58", "# end STATE timer 0 gone"). All calls are made by thread 7.
/// </summary>
internal static class Transcript
{
    // What FACTS.md lists for a server that closes first; 1 is the listener, 2 the server's connection, 3 the client.
    public const string Hello = """
        ! 1 CLOSED LISTEN call listener
        ! 3 CLOSED SYN_SENT call portless
        > S seq 100
        < SA seq 300 ack 101
        ! 3 SYN_SENT ESTABLISHED soft client
        > A seq 101 ack 301
        ! 2 LISTEN SYN_RCVD soft server
        ! 2 SYN_RCVD ESTABLISHED soft server
        > PA seq 101 ack 301 len 9
        < A seq 301 ack 110
        ! 2 ESTABLISHED FIN_WAIT_1 call server
        < FA seq 301 ack 110
        ! 3 ESTABLISHED CLOSE_WAIT soft client
        > A seq 110 ack 302
        ! 2 FIN_WAIT_1 FIN_WAIT_2 soft server
        ! 3 CLOSE_WAIT LAST_ACK call client
        > FA seq 110 ack 302
        < A seq 302 ack 111
        ! 2 FIN_WAIT_2 CLOSED soft server
        ! 3 LAST_ACK CLOSED soft client
        ! 1 LISTEN CLOSED call listener
        """;

    /// <summary>An event, as it is folded.</summary>
    public readonly record struct Told(LabEvent Entry, EventReference Reference, TcpSegment Segment);

    public static ConnectionsView Fold(string transcript, bool trace) => Fold(Events(transcript), trace, packets: true);

    public static ConnectionsView Fold(IEnumerable<Told> events, bool trace, bool packets)
    {
        var view = new ConnectionsView();
        view.Sources(trace, packets);
        Fold(view, events);
        return view;
    }

    public static void Fold(ConnectionsView view, IEnumerable<Told> events)
    {
        foreach (var told in events)
        {
            if (told.Entry.Kind == EventKind.Packet)
                view.Fold(told.Entry, told.Reference, told.Segment);
            else
                view.Fold(told.Entry, default);
        }
    }

    public static List<Told> Events(string transcript)
    {
        var events = new List<Told>();
        foreach (string line in transcript.Split('\n'))
        {
            var time = Wire.At(events.Count + 1);
            if (line[0] == '!')
            {
                events.Add(new Told(State(line.Split(' '), time), default, default));
            }
            else if (line[0] == '#')
            {
                events.Add(new Told(Row(line.Split(' '), time), default, default));
            }
            else
            {
                var (segment, _) = Wire.Parse(line);
                events.Add(new Told(new LabEvent { Time = time, Kind = EventKind.Packet, Tuple = segment.Tuple }, new EventReference(0, events.Count + 1), segment));
            }
        }

        return events;
    }

    /// <summary>Thread 7 is this actor's, and begins this call.</summary>
    public static LabEvent Step(NameTable names, string actor, string verb)
    {
        var entry = new LabEvent { Time = Wire.At(0), Kind = EventKind.Step, ThreadId = 7, Actor = names.Intern(actor) };
        entry.Detail.Step.Status = verb.Length > 0 ? StepStatus.Running : StepStatus.Done;
        return entry;
    }

    /// <summary>A thread of this actor connects this socket.</summary>
    public static LabEvent Ownership(NameTable names, string actor, string socket, FourTuple tuple, int thread)
    {
        var entry = new LabEvent { Time = Wire.At(0), Kind = EventKind.Ownership, ThreadId = thread, Actor = names.Intern(actor), Tuple = tuple };
        entry.Detail.Ownership.SocketName = names.Intern(socket);
        return entry;
    }

    public static string Path(ConnectionEnd end) => string.Join(' ', end.Path.Select(change => change.To.Name()));

    private static LabEvent State(string[] words, Timestamp time)
    {
        var entry = new LabEvent { Time = time, Kind = EventKind.State, Socket = ulong.Parse(words[1], CultureInfo.InvariantCulture), ThreadId = 7, Tuple = Tuple(words[5]) };
        var context = words[4] == "soft" ? ExecutionContext.SoftInterrupt : ExecutionContext.Process;
        entry.Detail.State = new StateDetail { From = Parse(words[2]), To = Parse(words[3]), Context = context };
        return entry;
    }

    private static LabEvent Row(string[] words, Timestamp time)
    {
        var entry = new LabEvent { Time = time, Kind = EventKind.Socket, Provenance = Provenance.Sampled, Tuple = Tuple(words[1]) };
        entry.Detail.Socket = new SocketDetail { Protocol = 6, State = Parse(words[2]), Change = words[^1] == "gone" ? RowChange.Gone : RowChange.Changed };
        if (words.Length > 4)
        {
            entry.Detail.Socket.Timer = SocketTimer.TimeWait;
            entry.Detail.Socket.TimerRemaining = Duration.FromSeconds(int.Parse(words[4], CultureInfo.InvariantCulture));
        }

        return entry;
    }

    private static TcpState Parse(string name)
    {
        Assert.True(TcpStateNames.TryParse(name, out var state), name);
        return state;
    }

    private static FourTuple Tuple(string end) => end switch
    {
        "client" => Wire.Tuple,
        "portless" => new FourTuple(new Endpoint(IpAddress.Loopback, 0), Wire.Tuple.Remote),
        "server" => Wire.Tuple.Reversed,
        _ => new FourTuple(Wire.Tuple.Remote, default),
    };
}
