package kubernetes

import (
	"math/big"
)

var quantityForm = pattern(`^([+-]?[0-9.]+)([eE][+-]?[0-9]+|[numkMGTPE]|[KMGTPE]i)?$`)

// quantity reads an amount such as 250m, 0.5 or 512Mi.
func quantity(text string) (*big.Rat, bool) {
	m := quantityForm().FindStringSubmatch(text)
	if m == nil {
		return nil, false
	}
	amount, ok := new(big.Rat).SetString(m[1])
	if !ok {
		return nil, false
	}
	suffix := m[2]
	if len(suffix) > 1 && suffix[1] != 'i' { // 1e3; one of more than 99 is no amount of anything
		factor, ok := new(big.Rat).SetString("1" + suffix)
		if !ok || len(suffix) > 4 {
			return nil, false
		}
		return amount.Mul(amount, factor), true
	}
	return amount.Mul(amount, unit(suffix)), true
}

// unit gives the factor of a suffix: a power of 1000, or of 1024 if it ends with i.
func unit(suffix string) *big.Rat {
	powers := map[byte]int64{'n': -3, 'u': -2, 'm': -1, 'k': 1, 'K': 1, 'M': 2, 'G': 3, 'T': 4, 'P': 5, 'E': 6}
	if suffix == "" {
		return big.NewRat(1, 1)
	}
	base := big.NewInt(1000)
	if len(suffix) == 2 {
		base = big.NewInt(1024)
	}
	power := powers[suffix[0]]
	if power < 0 {
		return new(big.Rat).SetFrac(big.NewInt(1), base.Exp(base, big.NewInt(-power), nil))
	}
	return new(big.Rat).SetInt(base.Exp(base, big.NewInt(power), nil))
}

// amounts demands quantities that are not negative in an object, such as a container's limits.
func (n node) amounts(key string) {
	for name, v := range n.in.Object(key) {
		n.amount(key+"."+name, v)
	}
}

func (n node) amount(key string, v any) {
	text, ok := v.(string)
	if !ok {
		return
	}
	switch amount, valid := quantity(text); {
	case !valid:
		n.report(key, "Invalid value: %q: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'", text)
	case amount.Sign() < 0:
		n.report(key, "Invalid value: %q: must be greater than or equal to 0", text)
	}
}
