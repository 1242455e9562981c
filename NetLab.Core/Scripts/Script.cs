using System.Collections.Immutable;

namespace NetLab.Core.Scripts;

/// <summary>A script as read from a .lab file: actors, each a list of socket calls, and what is expected to happen.</summary>
/// <param name="File">The name under which errors speak of it.</param>
/// <param name="Title">Its title; the file's name if it gives none.</param>
/// <param name="About">What it teaches; "" if it does not say.</param>
/// <param name="Actors">Its actors, in the order of the file.</param>
/// <param name="Expectations">What it expects of the whole run.</param>
public sealed record Script(string File, string Title, string About, ImmutableArray<Actor> Actors, ImmutableArray<Expectation> Expectations)
{
    /// <summary>NetLab's own servers that run beside the actors.</summary>
    public ImmutableArray<ScriptServer> Servers { get; init; } = [];

    /// <summary>The ports (host order) that its steps bind, connect or send to and its servers listen on, 0 and references left out: what a capture has to watch.</summary>
    public IReadOnlyList<ushort> Ports
    {
        get
        {
            // By hand: the lab's first screen waits for this, and LINQ over numbers of two octets would be compiled first.
            ushort[] ports = [];
            foreach (var server in Servers)
                ports = With(ports, server.Address.Port);
            foreach (var actor in Actors)
            {
                foreach (var step in actor.Steps)
                {
                    if (step.Operation.Target?.Port is { } port and not 0)
                        ports = With(ports, port);
                }
            }

            return ports;
        }
    }

    private static ushort[] With(ushort[] ports, ushort port)
    {
        int place = 0;
        while (place < ports.Length && ports[place] < port)
            place++;
        if (place < ports.Length && ports[place] == port)
            return ports;
        ushort[] more = new ushort[ports.Length + 1];
        for (int index = 0; index < more.Length; index++)
            more[index] = index < place ? ports[index] : index == place ? port : ports[index - 1];
        return more;
    }

    /// <summary>What the user must be allowed: what it says, and what its verbs take.</summary>
    public ImmutableArray<Requirement> Needs { get; init; } = [];

    /// <summary>Whether it makes a TCP socket.</summary>
    public bool UsesTcp => Actors.SelectMany(a => a.Steps).Any(s => s.Operation is OpenSocket { Kind: SocketKind.Stream, Family: not SocketFamily.Unix });

    /// <summary>Whether a step binds port 0 or leaves the port to the kernel, so that <see cref="Ports"/> is not the whole of it.</summary>
    public bool HasEphemeralPorts => Actors.SelectMany(a => a.Steps).Any(s => s.Operation is Bind { Address: { UnixPath: null, Port: 0 } });
}

/// <summary>One side of a script, run on a thread of its own.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Line">The line of its head, from 1.</param>
/// <param name="Steps">Its steps, in the order of the file; <c>repeat</c> and <c>end</c> are steps too.</param>
/// <param name="Start">The step of another actor that must be done first, because it makes the address that this actor connects to; else null.</param>
public sealed record Actor(string Name, int Line, ImmutableArray<Step> Steps, StartCondition? Start);

/// <summary>Why an actor waits before one of its steps: until another actor's listen (or bind, for datagrams) is done.</summary>
/// <param name="BeforeStep">The index of the step that waits.</param>
/// <param name="Actor">The index of the other actor.</param>
/// <param name="Step">The index of the other actor's step.</param>
public sealed record StartCondition(int BeforeStep, int Actor, int Step);

/// <summary>One line of an actor: one system call, apart from the exceptions that the verb's description names.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">The column of its verb, from 1, in characters.</param>
/// <param name="Verb">Its verb.</param>
/// <param name="Operation">What to do.</param>
/// <param name="Source">The line as written, without indentation and comment, variables filled in.</param>
/// <param name="Expected">The outcome it expects; null for plain success.</param>
public sealed record Step(int Line, int Column, Verb Verb, Operation Operation, string Source, Outcome? Expected)
{
    /// <summary>Its arguments as words, variables filled in: placeholders of the grammar by their name, choices by their first word.</summary>
    public IReadOnlyDictionary<string, string> Words { get; init; } = ImmutableDictionary<string, string>.Empty;
}

/// <summary>An address as a script writes it: an IP address and port, a path, a reference to a bound socket, or the last sender.</summary>
/// <param name="Address">The IP address; null for the other kinds, and where <paramref name="Socket"/> gives it.</param>
/// <param name="Port">The port in host order; 0 takes a free one, or where <paramref name="Socket"/> gives it.</param>
/// <param name="UnixPath">A path, "@name" for the abstract name space; else null.</param>
/// <param name="Socket">The socket whose local port (and address, if none is written) is meant; else null.</param>
/// <param name="IsSender">Whether the sender of the last datagram is meant.</param>
public sealed record AddressText(IpAddress? Address, ushort Port, string? UnixPath = null, SocketReference? Socket = null, bool IsSender = false);

/// <summary>A socket of an actor: "server.listener".</summary>
/// <param name="Actor">The actor's name.</param>
/// <param name="Socket">The socket's name; "connection.2" is the second one of the name.</param>
public sealed record SocketReference(string Actor, string Socket)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Actor}.{Socket}";
}
