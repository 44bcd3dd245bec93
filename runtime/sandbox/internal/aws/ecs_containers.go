package aws

// dependency is a container that must have got somewhere before another one starts.
type dependency struct {
	ContainerName string `json:"containerName"`
	Condition     string `json:"condition"`
}

// ordered demands that the containers can wait for each other: for one that is there, has what is asked of it, and does
// not end the task when it ends.
func ordered(containers []container) error {
	byName := map[string]container{}
	for _, d := range containers {
		byName[d.Name] = d
	}
	for _, d := range containers {
		for _, on := range d.DependsOn {
			other, ok := byName[on.ContainerName]
			essential := other.Essential == nil || *other.Essential
			switch {
			case !ok || on.ContainerName == d.Name:
				return errorf("ClientException", "Container '%s' depends on '%s', which is not another container of the task.", d.Name, on.ContainerName)
			case on.Condition == "HEALTHY" && other.HealthCheck == nil:
				return errorf("ClientException", "Container '%s' waits for '%s' to be healthy, which has no health check.", d.Name, on.ContainerName)
			case (on.Condition == "SUCCESS" || on.Condition == "COMPLETE") && essential:
				return errorf("ClientException", "Container '%s' waits for the end of '%s', which is essential.", d.Name, on.ContainerName)
			case on.Condition != "START" && on.Condition != "COMPLETE" && on.Condition != "SUCCESS" && on.Condition != "HEALTHY":
				return errorf("ClientException", "Container '%s': condition '%s' is not one of START, COMPLETE, SUCCESS and HEALTHY.", d.Name, on.Condition)
			}
		}
	}
	if circular(byName) {
		return errorf("ClientException", "The dependencies between the containers are circular.")
	}
	return nil
}

// circular tells whether containers wait for each other in a circle: those that wait for nothing that is left are taken
// away until there are none.
func circular(left map[string]container) bool {
	for len(left) > 0 {
		before := len(left)
		for name, d := range left {
			free := true
			for _, on := range d.DependsOn {
				_, waits := left[on.ContainerName]
				free = free && !waits
			}
			if free {
				delete(left, name)
			}
		}
		if len(left) == before {
			return true
		}
	}
	return false
}

// sharesFit demands that what the containers ask for is no more than the task has.
func sharesFit(cpu, memory int, containers []container) error {
	for _, d := range containers {
		cpu -= d.CPU
		memory -= d.MemoryReservation
	}
	switch {
	case cpu < 0:
		return errorf("ClientException", "The cpu of the containers is more than the task's.")
	case memory < 0:
		return errorf("ClientException", "The memory of the containers is more than the task's.")
	}
	return nil
}
