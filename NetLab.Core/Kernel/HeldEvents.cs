using System.Runtime.InteropServices;
using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>
/// Events that wait to be written until it is certain that the addresses in them are right. When a socket is asked for its addresses, the program may already have
/// closed it, and another may have its number. Whether it was so is known as soon as the trace has been read up to the moment of the question; until then
/// the events wait, and what the trace says in between mends them.
/// </summary>
internal sealed class HeldEvents(JournalWriter writer)
{
    // A descriptor is gone before its socket's state changes; in between the program may have to wait for a processor.
    private static readonly Duration s_closing = Duration.FromMilliseconds(10);
    private readonly List<Held> _held = [];
    private readonly List<(TracedProcess Process, int Descriptor, long Serial)> _questions = [];
    private Timestamp _until = Timestamp.MinValue;
    private Timestamp _told = Timestamp.MinValue;
    private long _serial;

    /// <summary>A number for a socket that no other has.</summary>
    internal long NextSerial() => ++_serial;

    /// <summary>
    /// A socket's addresses are to be asked for; until then events wait. The trace is read first as far as it goes: what it shows to have been closed meanwhile, or
    /// tells itself, nobody needs to be asked.
    /// </summary>
    internal void Ask(TracedProcess process, int descriptor, long serial) => _questions.Add((process, descriptor, serial));

    /// <summary>From here on events wait until the trace has been read up to now; after a question without an answer, until the close under way is over.</summary>
    internal void Hold(bool answered)
    {
        var now = KernelClock.Now;
        var until = answered ? now : now + s_closing;
        _until = until > _until ? until : _until;
    }

    /// <summary>Writes an event about a socket, now or later.</summary>
    internal void Write(in LabEvent entry, long serial)
    {
        if (_questions.Count > 0)
            _held.Add(new Held(entry, serial, Timestamp.MaxValue));
        else if (_held.Count == 0 && _until <= _told)
            writer.Append(entry);
        else
            _held.Add(new Held(entry, serial, _until));
    }

    /// <summary>What was found out about a socket is put into the events that wait and do not know it.</summary>
    internal void Learn(long serial, ulong socket, in FourTuple tuple)
    {
        foreach (ref var held in CollectionsMarshal.AsSpan(_held))
        {
            if (held.Serial != serial)
                continue;
            held.Event.Socket = socket;
            if (!held.Event.Tuple.IsComplete)
                held.Event.Tuple = tuple;
        }
    }

    /// <summary>The addresses were those of another socket that has the number now.</summary>
    internal void Unlearn(long serial)
    {
        foreach (ref var held in CollectionsMarshal.AsSpan(_held))
            held.Event.Tuple = held.Serial == serial ? default : held.Event.Tuple;
    }

    /// <summary>The trace has been read up to <paramref name="time"/>.</summary>
    /// <returns>Up to when everything is written.</returns>
    internal Timestamp ToldUpTo(Timestamp time)
    {
        _told = time;
        AskQuestions(time);
        int certain = 0;
        foreach (ref readonly var held in CollectionsMarshal.AsSpan(_held))
        {
            if (held.Until > time)
                break;
            writer.Append(held.Event);
            certain++;
        }

        _held.RemoveRange(0, certain);
        var told = _held.Count == 0 ? time : _held[0].Event.Time;
        writer.ToldUpTo(told);
        return told;
    }

    private void AskQuestions(Timestamp time)
    {
        if (_questions.Count == 0)
            return;
        foreach (var (process, descriptor, serial) in _questions)
            process.Ask(descriptor, serial, time);
        _questions.Clear();
        foreach (ref var held in CollectionsMarshal.AsSpan(_held))
            held.Until = held.Until == Timestamp.MaxValue ? _until : held.Until;
    }

    private struct Held(in LabEvent entry, long serial, Timestamp until)
    {
        internal LabEvent Event = entry;
        internal readonly long Serial = serial;
        internal Timestamp Until = until;
    }
}
