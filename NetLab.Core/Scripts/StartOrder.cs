using System.Collections.Immutable;

namespace NetLab.Core.Scripts;

/// <summary>Finds what an actor that connects has to wait for: the other actor's step after which the address answers.</summary>
internal static class StartOrder
{
    public static StartCondition? Find(int actor, string[] names, ImmutableArray<Step>[] steps)
    {
        var own = steps[actor];
        int connect = -1;
        bool binds = false;
        for (int index = 0; index < own.Length && connect < 0; index++)
        {
            switch (own[index].Operation)
            {
                // The script orders it otherwise.
                case Sleep or WaitFor or After:
                    return null;
                case Bind:
                    binds = true;
                    break;
                case Connect or SendTo:
                    connect = index;
                    break;
            }
        }

        if (connect < 0 || own[connect].Operation.Target is not { IsSender: false } target)
            return null;
        for (int other = 0; other < steps.Length; other++)
        {
            // An actor that itself binds first waits only before it connects, so that two of them cannot wait for each other.
            if (other != actor && FindReady(names[other], steps[other], target) is { } ready)
                return new StartCondition(binds ? connect : 0, other, ready);
        }

        return null;
    }

    private static int? FindReady(string name, ImmutableArray<Step> steps, AddressText target)
    {
        string? socket = null;
        bool stream = false;
        int bound = -1;
        for (int index = 0; index < steps.Length; index++)
        {
            switch (steps[index].Operation)
            {
                case OpenSocket open:
                    (socket, stream) = (open.Name, open.Kind == SocketKind.Stream);
                    break;
                case Bind bind when target.Socket is { } wanted ? wanted.Actor == name && wanted.Socket == (bind.On ?? socket) : Answers(bind.Address, target):
                    if (!stream)
                        return index;
                    bound = index;
                    break;
                case Listen when bound >= 0:
                    return index;
            }
        }

        // Bound but never listening: only its port can be waited for.
        return target.Socket is not null && bound >= 0 ? bound : null;
    }

    private static bool Answers(AddressText bound, AddressText target)
    {
        if (target.UnixPath is not null)
            return bound.UnixPath == target.UnixPath;
        return bound.UnixPath is null && bound.Port != 0 && bound.Port == target.Port && bound.Address is { } address
            && (address == target.Address || address.IsUnspecified);
    }
}
